using Microsoft.AspNetCore.Components;
using Vedette.Console.Shell;
using Vedette.Engine.Repositories;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Console.Repositories;

public partial class RepositoryPage
{
    private const int MostLines = 400;
    private const int MostCommits = 50;

    private RepositoryRow? _row;
    private Refusal? _refusal;
    private IReadOnlyList<PlaybookDiff>? _diffs;
    private IReadOnlyList<LogEntry>? _log;
    private Dictionary<string, string> _reasons = [];
    private string? _shown;
    private bool _busy;

    [Inject]
    private IRepositories Repositories { get; set; } = null!;

    [Inject]
    private ShellState Shell { get; set; } = null!;

    [Parameter]
    public long Id { get; set; }

    internal static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit.Length == 0 ? "none" : commit;

    internal static string Tone(RepositoryRow row) => row.Status switch { "ready" => "ok", "failed" => "err", "diverged" => "warn", _ => "" };

    protected override async Task OnInitializedAsync()
    {
        await Read();
        Shell.Show(builder => builder.AddMarkupContent(0, "<a href=\"/repositories\">Repositories</a>"), narrow: true);
        Follow(touch => (touch.Row == typeof(RepositoryRow) && touch.Id == Id) || touch.Row == typeof(PlaybookRow), async _ =>
        {
            await Read();
            StateHasChanged();
        });
    }

    private static string Reaches(Reach? reach) => reach?.ToString().ToLowerInvariant() ?? "nobody can say";

    private async Task Read()
    {
        if (!(await Reader.Select<RepositoryRow>(Query.For(Where.Is("Id", Id)))).Ok(out var rows, out _refusal))
        {
            return;
        }

        if (rows is not [var row])
        {
            _refusal = new Refusal(RefusalKind.NotFound, "no_repository", $"There is no repository {Id}.");
            return;
        }

        _row = row;
        var waiting = await Reader.SelectIfAllowed<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.Repository), row.Name) & !Where.Is(nameof(PlaybookRow.Candidate), "")));
        _reasons = waiting.ToDictionary(one => one.Name, one => one.CandidateReason);
        if ((await Seat.Who()).Ok(out var caller, out _refusal))
        {
            var id = new RepositoryId(Id);
            _diffs = (await Repositories.Diff(caller, id, new DiffQuestion(null, null, null), CancellationToken.None)).Ok(out var diffs, out _refusal) ? diffs : null;
            _log = (await Repositories.Log(caller, id, null, MostCommits, CancellationToken.None)).Ok(out var log, out _) ? log : [];
        }
    }

    private void Show(string name) => _shown = _shown == name ? null : name;

    private Task Pull() => Busy(async caller =>
    {
        if (!(await Repositories.Fetch(caller, new RepositoryId(Id), CancellationToken.None)).Ok(out var fetched, out var refusal))
        {
            Toasts.Failed(refusal.Message);
            return;
        }

        var taken = await Acts.Do((unit, who) => Repositories.TakeIn(unit, who, fetched, CancellationToken.None));
        Tell(taken, report => report.Message.Length > 0 ? report.Message : $"{report.Taken.Count} count in a new version; {report.Waiting.Count} wait.");
    });

    private Task Push() => Busy(async caller => Tell(await Repositories.Push(caller, new RepositoryId(Id), CancellationToken.None), pushed => pushed.Message));

    private Task Merge() => Busy(async _ => Tell(await Acts.Do((unit, who) => Repositories.Merge(unit, who, new RepositoryId(Id), new Dictionary<string, string>(), CancellationToken.None)), report => report.Message));

    private async Task Take(string name) => Tell(await Acts.Do((unit, who) => Repositories.Take(unit, who, new RepositoryId(Id), [name], CancellationToken.None)), _ => $"{name} counts as it is in the repository");

    private void Tell<T>(Outcome<T> outcome, Func<T, string> done)
    {
        if (outcome.Ok(out var value, out var refusal))
        {
            Toasts.Done(done(value));
        }
        else
        {
            Toasts.Failed(refusal.Message);
        }
    }

    /// <summary>The other side takes as long as it takes; nothing is asked of it twice meanwhile.</summary>
    private async Task Busy(Func<Engine.Hall.Caller, Task> act)
    {
        if (_busy || !(await Seat.Who()).Ok(out var caller, out _refusal))
        {
            return;
        }

        _busy = true;
        try
        {
            await act(caller);
        }
        finally
        {
            _busy = false;
        }

        await Read();
    }
}

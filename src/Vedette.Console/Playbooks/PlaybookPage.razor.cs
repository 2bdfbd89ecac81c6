using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Vedette.Console.Events;
using Vedette.Console.Parts;
using Vedette.Console.Shell;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Repositories;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Console.Playbooks;

public partial class PlaybookPage
{
    private const int MostRuns = 50;

    /// <summary>Width of the drawing's place on a screen of 1440 pixels.</summary>
    private const int Pane = 640;

    private static readonly (string Tab, string Name)[] Tabs = [("code", "Code"), ("block", "Block"), ("runs", "Runs")];
    private static readonly double[] Scales = [0.4, 0.5, 0.65, 0.8, 1, 1.25];

    private PlaybookRow? _row;
    private Refusal? _refusal;
    private string _source = "";
    private JsonElement _metadata;
    private BlockGraph _graph = BlockGraph.Empty;
    private GraphLayout? _layout;
    private GraphOverlay _ran = GraphOverlay.None;
    private IReadOnlyList<PlaybookRunRow> _runs = [];
    private IReadOnlyDictionary<long, Automation> _automation = new Dictionary<long, Automation>();
    private long _count;
    private long _failed;
    private RepositoryRow? _repository;
    private long _before;
    private string? _chosen;
    private string _tab = "code";
    private string? _read;
    private bool _overlay = true;
    private int _zoom;
    private long _shown;

    [Inject]
    private IPlaybooks Playbooks { get; set; } = null!;

    [Inject]
    private IRepositories InGit { get; set; } = null!;

    [Inject]
    private ShellState Shell { get; set; } = null!;

    [Parameter]
    public long Id { get; set; }

    private double Scale => Scales[4 + _zoom];

    private Block? Block => _graph.Blocks.FirstOrDefault(block => block.Id == _chosen);

    private PlaybookRunRow? Last => _runs.Count > 0 ? _runs[0] : null;

    private string LastState => _automation[Last!.Id].Blocks.Contains("waiting") ? "waiting" : Last.Status;

    /// <summary>What starts a playbook, in words.</summary>
    internal static string StartsOn(PlaybookRow row) => row.PlaybookType != "automation" ? "called by others" : row.Trigger switch { "artifact_created" => "new evidence", "container_resolved" => "event resolved", var other => other.Replace('_', ' ') };

    protected override void OnInitialized() => Follow(
        touch => (touch.Row == typeof(PlaybookRow) && touch.Id == Id) || touch.Row == typeof(PlaybookRunRow) || touch.Row == typeof(ActionRunRow) || touch.Row == typeof(PromptRow),
        async touches =>
        {
            // A storm runs other playbooks mostly.
            var mine = _runs.Select(run => run.Id).ToHashSet();
            if (touches.Any(touch => touch.Row == typeof(PlaybookRow) || touch.New || touch.Run is null || mine.Contains(touch.Run.Value)))
            {
                await Read();
                StateHasChanged();
            }
        });

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Id)
        {
            return;
        }

        (_shown, _chosen, _read) = (Id, null, null);
        await Read();
        Shell.Show(Crumbs(), narrow: true);
    }

    private async Task Read()
    {
        if (!(await Reader.Select<PlaybookRow>(Query.For(Where.Is("Id", Id)))).Ok(out var rows, out _refusal))
        {
            return;
        }

        if (rows is not [var row])
        {
            _refusal = new Refusal(RefusalKind.NotFound, "no_playbook", $"There is no playbook {Id}.");
            return;
        }

        if (_read != row.SourceHash + row.Metadata.Length)
        {
            await Draw(row);
        }

        var ofPlaybook = Where.Is(nameof(PlaybookRunRow.PlaybookId), Id);
        _runs = await Reader.SelectIfAllowed<PlaybookRunRow>(new Query { Where = ofPlaybook, Order = [("Id", true)], Limit = MostRuns });
        _automation = await Automation.OfRuns(Reader, _runs);
        _count = await Reader.CountIfAllowed<PlaybookRunRow>(ofPlaybook);
        _failed = await Reader.CountIfAllowed<PlaybookRunRow>(ofPlaybook & Where.Is(nameof(PlaybookRunRow.Status), "failed"));
        if (Last is { } last && (await Runs.RunPicture.Read(Reader, last.Id)).Ok(out var picture, out _))
        {
            _ran = GraphOverlay.Of(_graph, picture.Run, picture.Actions, picture.Waiting, picture.Turns);
        }

        _repository = await Reader.SelectIfAllowed<RepositoryRow>(Query.For(Where.Is(nameof(RepositoryRow.Name), row.Repository))) is [var repository, ..] ? repository : null;
        _before = await Reader.CountIfAllowed<PlaybookVersionRow>(Where.Is(nameof(PlaybookVersionRow.PlaybookId), Id));
        _row = row;
    }

    private async Task RollBack()
    {
        if (_row is { } row && _repository is { } repository && await Acts.Try((unit, caller) => InGit.RollBack(unit, caller, new RepositoryId(repository.Id), row.Name, null, CancellationToken.None), $"{row.Name} is as it was before"))
        {
            await Read();
        }
    }

    private async Task Draw(PlaybookRow row)
    {
        if ((await Seat.Who()).Ok(out var caller, out _refusal) && (await Playbooks.Export(caller, new PlaybookId(Id))).Ok(out var exported, out _refusal))
        {
            _source = Encoding.UTF8.GetString(exported.Source);
            _metadata = JsonSerializer.Deserialize<JsonElement>(exported.Metadata);
            _graph = BlockGraph.Of(_metadata, _source);
            _layout = GraphLayout.Of(_graph);
            // As much of it as can be read is seen at once.
            _zoom = _layout.Width <= Pane ? 0 : _layout.Width * Scales[3] <= Pane ? -1 : -2;
            _read = row.SourceHash + row.Metadata.Length;
        }
    }

    private JsonElement? Drawn(Block block) => _graph.FromCode ? null : _metadata.At("coa", "data", "nodes", block.Id, "data");

    private void Choose(string id) => _chosen = _chosen == id ? null : id;

    private void Zoom(int by) => _zoom = Math.Clamp(_zoom + by, -4, 1);

    private RenderFragment Crumbs() => builder =>
    {
        builder.AddMarkupContent(0, "<a href=\"/playbooks\">Playbooks</a>");
        builder.OpenComponent<Icon>(1);
        builder.AddComponentParameter(2, nameof(Icon.Name), "chevron-right");
        builder.AddComponentParameter(3, nameof(Icon.Class), "s");
        builder.CloseComponent();
        builder.OpenElement(4, "b");
        builder.OpenComponent<Outside>(5);
        builder.AddComponentParameter(6, nameof(Outside.Text), _row?.Name ?? "");
        builder.CloseComponent();
        builder.CloseElement();
    };
}

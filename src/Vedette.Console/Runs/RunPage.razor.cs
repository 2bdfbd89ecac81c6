using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Vedette.Console.Parts;
using Vedette.Console.Shell;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Console.Runs;

public partial class RunPage
{
    private static readonly (string Name, int Most)[] Levels = [("All", 2), ("Debug", 1), ("Errors", 0)];

    private RunPicture? _picture;
    private Waterfall? _waterfall;
    private RunWait[] _waits = [];
    private Dictionary<long, string> _assets = [];
    private Refusal? _refusal;
    private string? _chosen;
    private string _text = "";
    private int _level = 2;
    private bool _cancelling;
    private long _shown;

    [Inject]
    private IPlaybooks Playbooks { get; set; } = null!;

    [Inject]
    private ShellState Shell { get; set; } = null!;

    [Parameter]
    public long Id { get; set; }

    private bool Waits => _picture!.Waiting.Count > 0 || _waits.Any(wait => wait.Kind is WaitKind.Person or WaitKind.Outcome);

    private string State => Waits ? "waiting" : _picture!.Run.Status;

    private string Says => Waits ? "Waits for a person" : _picture!.Run.Status switch { "success" => "Succeeded", "pending" => "Queued", var status => Words.Capital(status) };

    private string Tone => State switch { "waiting" => "hum", "success" => "ok", "failed" => "err", "running" => "info", _ => "" };

    private Bar? Chosen => _waterfall!.Bars.FirstOrDefault(bar => bar.Key == _chosen);

    private ActionRunRow? ChosenAction => _picture!.Actions.FirstOrDefault(action => action.Id == Number("action-"));

    private TurnRow? ChosenTurn => _picture!.Turns.FirstOrDefault(turn => turn.Id == Number("turn-"));

    private long? ChosenRun => Number("run-");

    private IEnumerable<ActionResultRow> ChosenResults => _picture!.Results.Where(result => result.ActionRunId == Number("action-") || result.Id == (Number("result-") ?? Number("wait-")));

    private IEnumerable<RunLogRow> Lines => _picture!.Log.Where(line => line.Level <= _level && line.Message.Contains(_text, StringComparison.OrdinalIgnoreCase));

    protected override void OnInitialized()
    {
        Listen(Pressed);
        Follow(touch => touch.Run is null ? touch.Row == typeof(PlaybookRunRow) ? touch.Id == Id : Unnamed(touch) : touch.Run == Id, async _ =>
        {
            await Read();
            StateHasChanged();
        });
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Id)
        {
            return;
        }

        (_shown, _chosen) = (Id, null);
        await Read();
        Shell.Show(Crumbs(), narrow: true);
    }

    private static bool Unnamed(Touch touch) => touch.Row == typeof(ActionRunRow) || touch.Row == typeof(ActionResultRow) || touch.Row == typeof(PromptRow);

    private async Task Read()
    {
        if (!(await RunPicture.Read(Reader, Id)).Ok(out var picture, out _refusal))
        {
            return;
        }

        if ((await Seat.Who()).Ok(out var caller, out _))
        {
            _waits = (await Playbooks.WaitsFor(caller, new PlaybookRunId(Id))).Ok(out var waits, out _) ? waits : [];
        }

        var unknown = picture.Results.Select(result => result.AssetId).Where(id => !_assets.ContainsKey(id)).Distinct().ToList();
        if (unknown.Count > 0)
        {
            foreach (var asset in await Reader.SelectIfAllowed<AssetRow>(Query.For(Where.In("Id", unknown.Select(id => (object?)id)))))
            {
                _assets[asset.Id] = asset.Name;
            }
        }

        _picture = picture;
        _waterfall = Waterfall.Of(picture, _assets, Clock.GetUtcNow());
        _chosen ??= (_waterfall.Bars.FirstOrDefault(bar => bar.State is "failed" && bar.Kind == BarKind.Call) ?? _waterfall.Bars.FirstOrDefault(bar => bar.Kind == BarKind.Call))?.Key;
    }

    private RenderFragment Crumbs() => builder =>
    {
        builder.AddMarkupContent(0, "<a href=\"/runs\">Runs</a>");
        builder.OpenComponent<Icon>(1);
        builder.AddComponentParameter(2, nameof(Icon.Name), "chevron-right");
        builder.AddComponentParameter(3, nameof(Icon.Class), "s");
        builder.CloseComponent();
        builder.OpenElement(4, "b");
        builder.AddContent(5, Id);
        builder.CloseElement();
    };

    private async Task Again()
    {
        var run = _picture!.Run;
        // "new" would find that the artifacts were seen already, by this very run.
        var scope = run.Scope == "new" ? "all" : run.Scope;
        using var inputs = JsonDocument.Parse(run.Inputs);
        long? started = null;
        var what = new StartRun(new ContainerId(run.ContainerId), run.PlaybookId.ToString(CultureInfo.InvariantCulture), scope, inputs.RootElement.ValueKind == JsonValueKind.Object && inputs.RootElement.EnumerateObject().Any() ? inputs.RootElement.Clone() : null);
        var done = await Acts.Try(
            async (unit, caller) =>
            {
                var outcome = await Playbooks.Start(unit, caller, what);
                started = outcome.Ok(out var id, out _) ? id.Value : null;
                return outcome;
            },
            $"{run.PlaybookName} starts again on event {run.ContainerId}");
        if (done && started is { } next)
        {
            Nav.NavigateTo(Places.Run(next));
        }
    }

    private async Task Cancel()
    {
        _cancelling = false;
        await Acts.Try((unit, caller) => Playbooks.Cancel(unit, caller, new PlaybookRunId(Id)), $"Run {Id} is cancelled");
    }

    private void Choose(string key) => _chosen = key;

    private async Task<bool> Pressed(string key)
    {
        if (key is not ("j" or "k") || _waterfall is not { Bars.Count: > 0 } waterfall)
        {
            return false;
        }

        var at = waterfall.Bars.ToList().FindIndex(bar => bar.Key == _chosen);
        _chosen = waterfall.Bars[Math.Clamp(at + (key == "j" ? 1 : -1), 0, waterfall.Bars.Count - 1)].Key;
        await Browser.Show($"bar-{_chosen}");
        return true;
    }

    private long? Number(string prefix) => _chosen is { } chosen && chosen.StartsWith(prefix, StringComparison.Ordinal) && long.TryParse(chosen.AsSpan(prefix.Length), CultureInfo.InvariantCulture, out var id) ? id : null;

    private double Start(Bar bar) => Math.Min(0.997, _waterfall!.Scale.PlaceOf(bar.From));

    private double Length(Bar bar) => Math.Max(0.003, _waterfall!.Scale.PlaceOf(bar.To) - Start(bar));

    private static string Percent(double share) => Words.Number(share * 100) + "%";

    private static string ClassOf(Bar bar) => bar.Kind switch
    {
        BarKind.Person => "h",
        BarKind.Wait => "q",
        BarKind.Action => "p",
        _ when bar.State == "failed" => "f",
        BarKind.Turn => "t",
        _ => "",
    };

    private static string LevelName(int level) => level switch { 0 => "error", 1 => "debug", _ => "info " };

    private static JsonElement Parsed(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}

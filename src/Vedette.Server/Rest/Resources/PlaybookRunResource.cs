using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class PlaybookRunResource(IPlaybooks playbooks, Records records) : IResource
{
    private static readonly Shape Body = new Shape("RunBody", "A run to start.")
        .Needs("container_id", Kind.Whole, "The event it runs on.", "container")
        .Needs("playbook_id", Kind.Text, "Number, `repository/name`, or name.", "playbook")
        .With("scope", Kind.Any, "`new` for artifacts that its last run has not seen, `all`, or a list of artifact numbers. `new` if nothing is said.")
        .With("inputs", Kind.Any, "For an input playbook: an object, or its text.");

    private static readonly Shape Started = new Shape("StartedRun", "The run is on disk.").Needs("playbook_run_id", Kind.Text, "Its number, as text.").Needs("received", Kind.Truth, "Always true.");

    private static readonly Dictionary<WaitKind, string> Kinds = new()
    {
        [WaitKind.EarlierRun] = "earlier_run", [WaitKind.Person] = "person", [WaitKind.System] = "system", [WaitKind.Outcome] = "outcome",
        [WaitKind.StopSwitch] = "stop_switch", [WaitKind.Time] = "time", [WaitKind.Playbook] = "playbook",
    };

    private static readonly Shape Waiting = new Shape("Waiting", "What a run waits for.").Needs("count", Kind.Whole, "How many things.").Needs("num_pages", Kind.Whole, "Always one page.")
        .ListOf("data", new Shape("Wait", "One thing.").Needs("kind", Kind.Text, $"`{string.Join("`, `", Kinds.Values)}`.").Needs("what", Kind.Text, "In words, with what a person can do.").Needs("since", Kind.Time, "Since when."), "The things.");

    private static readonly Shape Change = new Shape("RunChange").Needs("cancel", Kind.Truth, "True cancels the run.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("playbook_run", "List runs", RecordTypes.PlaybookRun, records),
        Route.Post("playbook_run", "Start a playbook on an event", Body, Start) with
        {
            Needed = Permissions.RunPlaybooks, Answers = Started, Errors = [(400, "The playbook cannot run, or the scope is none."), (404, "There is no such event or playbook.")],
        },
        Route.One("playbook_run/{id}", "Read a run", RecordTypes.PlaybookRun, records),
        Route.Post("playbook_run/{id}", "Cancel a run", Change, Cancel) with { Needed = Permissions.RunPlaybooks, Answers = Shapes.Written, Errors = [(400, "The run has ended already.")] },
        Route.Get("playbook_run/{id}/record", "Read how a run went, to try it again", Record) with
        {
            Needed = Permissions.ViewEvents | Permissions.EditPlaybooks, Answers = RunRecordJson.Shape,
            Description = "For who may write playbooks: it holds what the run was answered. `vedette playbook test --record` makes a test of it.",
            Errors = [(400, "The run has not come to an end of its own."), (404, "There is no such run.")],
        },
        Route.Get("playbook_run/{id}/waiting_for", "List what a run waits for", Waits) with
        {
            Needed = Permissions.ViewEvents, Answers = Waiting, Description = "Empty while the run works, and once it has ended.", Errors = [(404, "There is no such run.")],
        },
        Route.Get("playbook_run/{id}/log", "List what a run wrote", call => records.List(call, RecordTypes.RunLog, Where.Is("RunId", call.Number))) with { Lists = RecordTypes.RunLog, Needed = RecordTypes.RunLog.Needed },
        Route.Get("playbook_run/{id}/actions", "List the actions a run asked for", call => records.List(call, RecordTypes.ActionRun, Where.Is("PlaybookRunId", call.Number))) with { Lists = RecordTypes.ActionRun, Needed = RecordTypes.ActionRun.Needed },
    ];

    private async Task<RestAnswer> Waits(RestCall call) =>
        (await playbooks.WaitsFor(call.Caller, new PlaybookRunId(call.Number))).Ok(out var waits, out var refusal)
            ? RestAnswer.Ok(Wire.List(new JsonArray([.. waits.Select(wait => (JsonNode)new JsonObject { ["kind"] = Kinds[wait.Kind], ["what"] = wait.What, ["since"] = Wire.Time(wait.Since) })])))
            : RestAnswer.Of(refusal);

    private Task<RestAnswer> Cancel(RestCall call) => call.Body(Change).Truth("cancel") == true
        ? call.Work.Write(unit => playbooks.Cancel(unit, call.Caller, new PlaybookRunId(call.Number)), _ => RestAnswer.Ok(Wire.Success(call.Number)), call.Ct)
        : throw new BadRequestException("A run can only be cancelled: {\"cancel\": true}.");

    private async Task<RestAnswer> Record(RestCall call) =>
        (await playbooks.Record(call.Caller, new PlaybookRunId(call.Number))).Ok(out var record, out var refusal) ? RestAnswer.Ok(RunRecordJson.Of(record)) : RestAnswer.Of(refusal);

    private Task<RestAnswer> Start(RestCall call)
    {
        var body = call.Body(Body);
        var scope = body.Value("scope") is { ValueKind: JsonValueKind.Array } ids ? ids.GetRawText() : body.Text("scope") ?? "new";
        var inputs = body.Value("inputs");
        if (inputs is { ValueKind: JsonValueKind.String } text)
        {
            using var parsed = JsonDocument.Parse(text.GetString()!, new JsonDocumentOptions { MaxDepth = 64 });
            inputs = parsed.RootElement.Clone();
        }

        var what = new StartRun(new ContainerId(body.NeedWhole("container_id", "container")), body.NeedText("playbook_id", "playbook"), scope, inputs);
        return call.Work.Write(
            unit => playbooks.Start(unit, call.Caller, what),
            id => RestAnswer.Ok(new JsonObject { ["playbook_run_id"] = $"{id.Value}", ["received"] = true }),
            call.Ct);
    }
}

using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>asset</c>: its configuration is shown with secrets masked, and cannot be filtered by.</summary>
internal sealed class AssetResource(IApps apps, IActions actions, IStore store, Records records) : IResource
{
    private static readonly Shape Body = new Shape("AssetBody", "One configured instance of an app.")
        .With("name", Kind.Text, "Its name; unique. Needed for a new asset.")
        .With("app_id", Kind.Text, "The app by number or GUID. A new asset needs this, or `app_guid`, or `product_vendor` and `product_name`.", "app")
        .With("app_guid", Kind.Text, "The app by GUID.")
        .With("product_vendor", Kind.Text, "The app by vendor and product.")
        .With("product_name", Kind.Text, "The app by vendor and product.")
        .With("configuration", Kind.Object, "All settings: it replaces those before. A secret that is posted back as its mask (`salt:...`) stays, unless the address has changed.")
        .With("description", Kind.Text, "Free text.")
        .With("tags", Kind.Words, "Replaces all tags.")
        .With("disabled", Kind.Truth, "True keeps it out of all actions.")
        .With("concurrency_limit", Kind.Whole, "Calls at once.");

    private static readonly Shape Written = new Shape("WrittenAsset", "It is done and on disk.")
        .Needs("success", Kind.Truth, "Always true.").Needs("id", Kind.Whole, "Its number.")
        .With("message", Kind.Text, "Which secrets have to be entered again, as the address they went to has changed.");

    private static readonly Shape Tested = new Shape("TestedAsset", "What the other system said.")
        .With("success", Kind.Truth, "True when it answered as it should.").With("failed", Kind.Truth, "True when it did not.")
        .Needs("message", Kind.Text, "The outcome.").Needs("steps", Kind.Words, "What was tried, in order.");

    private static readonly Dictionary<BreakerState, string> BreakerWords = new() { [BreakerState.Closed] = "closed", [BreakerState.Probing] = "probing", [BreakerState.Open] = "open" };

    private static readonly Shape QuotaShape = new Shape("AssetQuota", "How the calls of an asset stand at this moment, and what was counted since the server started.")
        .Needs("under_way", Kind.Whole, "Calls that have left and are not answered.")
        .Needs("at_once", Kind.Whole, "How many may be under way; 0 where the asset was not called since the start.")
        .Needs("waiting", Kind.Whole, "Calls that may not leave yet.")
        .Needs("waiting_since", Kind.Any, "Since when the oldest of them waits, or null.")
        .Needs("waiting_for", Kind.Text, "What they wait for, in words; empty where none waits.")
        .Needs("breaker", Kind.Text, $"`{string.Join("`, `", BreakerWords.Values)}`: open while no call leaves because too many failed in a row, probing while one is on its way to see.")
        .Needs("shut_until", Kind.Any, "When an open breaker lets one call try again, or null.")
        .Needs("failures_in_a_row", Kind.Whole, "Calls that failed since the last that was answered.")
        .Needs("last_failure", Kind.Text, "What the last of them said.")
        .Needs("calls", Kind.Whole, "Calls that have left.")
        .Needs("shared", Kind.Whole, "Questions that were answered by what another had asked.");

    private static readonly (int, string)[] Faults = [(400, "A setting is missing or of the wrong type; the message names it.")];

    public IEnumerable<Route> Routes =>
    [
        Route.Get("asset", "List assets", async call => await Masked(await records.List(call, RecordTypes.Asset), call)) with { Lists = RecordTypes.Asset, Needed = RecordTypes.Asset.Needed },
        Route.Post("asset", "Make an asset", Body, Create) with { Needed = Permissions.EditAssets, Answers = Written, Errors = Faults },
        Route.Get("asset/{id}", "Read an asset", async call => await Masked(await records.One(call, RecordTypes.Asset, call.Number), call)) with { Shows = RecordTypes.Asset, Needed = RecordTypes.Asset.Needed },
        Route.Post("asset/{id}", "Change an asset", Body, Change) with { Needed = Permissions.EditAssets, Answers = Written, Errors = Faults },
        Route.Post("asset/{id}/test", "Test the connection of an asset", new Shape("AssetTest", "Nothing has to be said."), Test) with { Needed = Permissions.EditAssets, Answers = Tested, Description = "Answers when the test has ended; its steps are kept with the asset." },
        Route.Get("asset/{id}/quota", "Read how the calls of an asset stand", Quota) with { Needed = Permissions.ViewEvents, Answers = QuotaShape, Errors = [(404, "There is no such asset.")] },
    ];

    private async Task<RestAnswer> Quota(RestCall call) => (await actions.Quota(call.Caller, new AssetId(call.Number), call.Ct)).Ok(out var state, out var refusal)
        ? RestAnswer.Ok(new JsonObject
        {
            ["under_way"] = state.UnderWay,
            ["at_once"] = state.AtOnce,
            ["waiting"] = state.Waiting,
            ["waiting_since"] = state.WaitingSince is { } since ? Wire.Time(since) : null,
            ["waiting_for"] = state.WaitFor,
            ["breaker"] = BreakerWords[state.Breaker],
            ["shut_until"] = state.ShutUntil is { } until ? Wire.Time(until) : null,
            ["failures_in_a_row"] = state.FailuresInARow,
            ["last_failure"] = state.LastFailure,
            ["calls"] = state.Calls,
            ["shared"] = state.Shared,
        })
        : RestAnswer.Of(refusal);

    private async Task<RestAnswer> Test(RestCall call) => (await actions.Test(call.Caller, new AssetId(call.Number), call.Ct)).Ok(out var test, out var refusal)
        ? RestAnswer.Ok(new JsonObject { [test.Passed ? "success" : "failed"] = true, ["message"] = test.Message, ["steps"] = new JsonArray([.. test.Steps.Select(step => (JsonNode)step)]) })
        : RestAnswer.Of(refusal);

    private async Task<RestAnswer> Masked(RestAnswer answer, RestCall call)
    {
        var found = answer.Body is JsonObject whole && whole["data"] is JsonArray data ? data.OfType<JsonObject>() : answer.Body is JsonObject one && one.ContainsKey("id") ? [one] : [];
        foreach (var record in found)
        {
            if (await store.Find<AssetRow>(record["id"]!.GetValue<long>(), call.Ct) is { } row)
            {
                record["configuration"] = apps.Masked(row);
            }
        }

        return answer;
    }

    private Task<RestAnswer> Create(RestCall call)
    {
        var draft = Draft(call.Body(Body));
        return call.Work.Write(async unit => await apps.CreateAsset(unit, call.Caller, draft, call.Ct), Answer, call.Ct);
    }

    private Task<RestAnswer> Change(RestCall call)
    {
        var draft = Draft(call.Body(Body));
        return call.Work.Write(async unit => await apps.ChangeAsset(unit, call.Caller, new AssetId(call.Number), draft, call.Ct), Answer, call.Ct);
    }

    private static RestAnswer Answer(AssetAnswer answer)
    {
        var body = Wire.Success(answer.Id.Value);
        if (answer.SecretsCleared.Count > 0)
        {
            body["message"] = $"The address has changed: enter again {string.Join(", ", answer.SecretsCleared)}.";
        }

        return RestAnswer.Ok(body);
    }

    private static AssetDraft Draft(Posted body) => new()
    {
        Name = body.Text("name"),
        App = body.Text("app_id", "app") is { } app ? RestCall.Id(app) is { } id ? new AppChoice(new AppId(id)) : new AppChoice(Guid: app)
            : body.Text("app_guid") is { } guid ? new AppChoice(Guid: guid)
            : body.Text("product_name") is { } product ? new AppChoice(Vendor: body.Text("product_vendor"), Product: product)
            : null,
        Configuration = body.Value("configuration"),
        Description = body.Text("description"),
        Tags = body.Words("tags"),
        Disabled = body.Truth("disabled"),
        Concurrency = body.Whole("concurrency_limit"),
    };
}

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

    private static readonly (int, string)[] Faults = [(400, "A setting is missing or of the wrong type; the message names it.")];

    public IEnumerable<Route> Routes =>
    [
        Route.Get("asset", "List assets", async call => await Masked(await records.List(call, RecordTypes.Asset), call)) with { Lists = RecordTypes.Asset, Needed = RecordTypes.Asset.Needed },
        Route.Post("asset", "Make an asset", Body, Create) with { Needed = Permissions.EditAssets, Answers = Written, Errors = Faults },
        Route.Get("asset/{id}", "Read an asset", async call => await Masked(await records.One(call, RecordTypes.Asset, call.Number), call)) with { Shows = RecordTypes.Asset, Needed = RecordTypes.Asset.Needed },
        Route.Post("asset/{id}", "Change an asset", Body, Change) with { Needed = Permissions.EditAssets, Answers = Written, Errors = Faults },
        Route.Post("asset/{id}/test", "Test the connection of an asset", new Shape("AssetTest", "Nothing has to be said."), Test) with { Needed = Permissions.EditAssets, Answers = Tested, Description = "Answers when the test has ended; its steps are kept with the asset." },
    ];

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

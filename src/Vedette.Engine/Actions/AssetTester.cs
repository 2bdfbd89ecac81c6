using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Actions.Quota;
using Vedette.Engine.Apps;
using Vedette.Engine.Scheduling;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Actions;

/// <summary>Runs <c>test connectivity</c> of one asset, and keeps its steps with the asset.</summary>
internal sealed class AssetTester(IStore store, IApps apps, IWayOutFactory ways, Governor governor, TimeProvider time)
{
    public const string Action = "test connectivity";

    public async Task<Outcome<AssetTest>> Test(Caller caller, AssetId id, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditAssets) is { } refusal)
        {
            return refusal;
        }

        var asset = (await apps.Catalogue(ct)).Assets.FirstOrDefault(one => one.Id == id.Value);
        if (asset is null)
        {
            return new Refusal(RefusalKind.NotFound, "unknown_asset", "asset item not found");
        }

        var resolved = await apps.Resolve(Action, [asset.Name], null, ct);
        if (!resolved.Ok(out var targets, out var no))
        {
            return no;
        }

        var target = targets[0];
        if (!apps.Open(target.Asset).Ok(out var settings, out var closed))
        {
            return closed;
        }

        var steps = new List<string>();
        var secrets = new Secrets(target.Connector.Manifest, settings);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(target.AnswerWithin);
        ActionAnswer answer;
        try
        {
            using var pass = (await governor.Enter(target, settings, new QuotaCall(Urgency.Ordinary with { Rank = 0 }, null, Reads: true, Looks: true), limit.Token)).Pass!;
            answer = await target.Connector.Run(
                new ActionCall
                {
                    Action = Action,
                    Parameters = JsonSerializer.SerializeToElement(new JsonObject()),
                    Asset = settings,
                    EffectKey = RandomNumberGenerator.GetHexString(32, lowercase: true),
                    SendBy = time.GetUtcNow() + target.AnswerWithin,
                    WayOut = ways.For(apps.ScopeOf(target.Asset)),
                    Time = time,
                    Secrets = secrets,
                    Progress = step => steps.Add(secrets.HideIn(step)),
                },
                limit.Token);
            pass.Took(answer);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            answer = ActionAnswer.Failed(NoAnswer.Of(target));
        }

        answer = secrets.HideIn(answer);
        var test = new AssetTest(answer.Success, answer.Message.Length > 0 ? answer.Message : AutomaticMessage.From(answer.Summary), steps);
        var now = time.GetUtcNow();
        var unit = new Unit();
        apps.Tested(unit, id, new JsonObject { ["at"] = now, ["passed"] = test.Passed, ["message"] = test.Message, ["steps"] = new JsonArray([.. steps.Select(step => (JsonNode)step)]) });
        unit.Audit(caller, now, "tested", "asset", id.Value, content: new JsonObject { ["passed"] = test.Passed });
        await store.Commit(unit, ct);
        return test;
    }
}

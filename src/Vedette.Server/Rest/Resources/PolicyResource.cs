using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Policies;
using Vedette.Model;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>policy</c>: what is done by itself, who is asked for the rest, and what is never done.</summary>
internal sealed class PolicyResource(IPolicies policies, IActions actions) : IResource
{
    private static readonly Shape Document = new Shape("Policy", "The policy; keys that are not known are refused by name.")
        .With("level", Kind.Text, "Of the installation: `observe`, `assist`, `guarded` or `full`; none allows what reads and records, and refuses what no rule allows.")
        .With("time_zone", Kind.Text, "In which hours and days are meant, such as `Europe/Berlin`; UTC if nothing is said.")
        .With("approvers", Kind.Words, "Users or roles that are asked where a level asks; the administrators if nobody is named.")
        .With("reach", Kind.Any, "A list of `{app, action, reach}`: takes an action for one that reaches further than its app says, never less far.")
        .With("rules", Kind.Any, "A list of `{name, when, level | never | ask}`. Of all that apply the strictest counts.")
        .With("caps", Kind.Any, "A list of `{name, when, most, of, per, within_minutes}`.")
        .With("comment", Kind.Text, "For readers.");

    private static readonly Shape InForce = new Shape("PolicyInForce")
        .Needs("policy", Kind.Object, "The policy as it was set; empty before anybody has set one.").Needs("version", Kind.Whole, "One more with each change.").Needs("update_time", Kind.Time, "When it was set.");

    private static readonly Shape Explained = new Shape("PolicyExplanation", "What would happen, and which rule says so.")
        .Needs("would", Kind.Text, "`run`, `ask`, `record` (not done, only recorded) or `refuse`.").Needs("because", Kind.Text, "The rule that says so.")
        .Needs("reach", Kind.Text, "`reads`, `records`, `changes` or `destroys`.").Needs("level", Kind.Text, "Of the installation, or null.").Needs("asks", Kind.Any, "Whom, how many, and which rule says so.")
        .Needs("rules", Kind.Any, "Each rule, whether it applies, and why not.").Needs("caps", Kind.Any, "Each cap that counts this, and what is used of it.").Needs("policy_version", Kind.Whole, "The version of the policy.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("policy", "Read the autonomy policy", Read) with { Needed = Permissions.ViewPlaybooks, Answers = InForce },
        Route.Post("policy", "Set the autonomy policy", Document, Set) with
        {
            Needed = Permissions.EditSettings, Description = "Replaces it wholly; it counts from the next action on, also for those that wait already. By a person, not by a token.",
            Errors = [(400, "Something in it is not known or does not fit; the message names all of it.")],
        },
        Route.Get("policy/explain", "Say what the policy would do with an action", Explain) with
        {
            Needed = Permissions.ViewPlaybooks | Permissions.ViewEvents, Answers = Explained,
            Description = "Nothing is done or asked.",
            Parameters = [("action", "Its name."), ("asset", "Name of the asset."), ("container_id", "The event it would be done for."), ("playbook", "Number of the playbook that would ask."), ("parameters", "A JSON object.")],
            Errors = [(400, "Action, asset, event or playbook is not known.")],
        },
    ];

    private async Task<RestAnswer> Read(RestCall call)
    {
        var now = await policies.Current();
        return RestAnswer.Ok(new JsonObject { ["policy"] = JsonNode.Parse(now.Document.GetRawText()), ["version"] = now.Version, ["update_time"] = Wire.Time(now.UpdatedAt) });
    }

    private Task<RestAnswer> Set(RestCall call)
    {
        var document = call.Json();
        return call.Work.Write(unit => policies.Set(unit, call.Caller, document), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
    }

    private async Task<RestAnswer> Explain(RestCall call)
    {
        var request = new ExplainRequest(
            call.Param("action") ?? throw new BadRequestException("action is missing."),
            call.Param("asset") ?? throw new BadRequestException("asset is missing."),
            Parameters(call.Param("parameters")))
        {
            Container = Number(call, "container_id") is { } container ? new ContainerId(container) : null,
            Playbook = Number(call, "playbook") is { } playbook ? new PlaybookId(playbook) : null,
        };
        return (await actions.Explain(call.Caller, request)).Ok(out var explained, out var refusal) ? RestAnswer.Ok(explained) : RestAnswer.Of(refusal);
    }

    private static long? Number(RestCall call, string name) => call.Param(name) is { Length: > 0 } text
        ? RestCall.Id(text) ?? throw new BadRequestException($"{name} has to be a whole number.")
        : null;

    private static JsonElement Parameters(string? text)
    {
        try
        {
            var parsed = JsonSerializer.Deserialize<JsonElement>(text is { Length: > 0 } ? text : "{}");
            return parsed.ValueKind == JsonValueKind.Object ? parsed : throw new BadRequestException("parameters has to be a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new BadRequestException("parameters has to be a JSON object.", exception);
        }
    }
}

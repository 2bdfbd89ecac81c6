using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Approvals;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>approval</c>: what runs ask people. A GET never decides.</summary>
internal sealed class ApprovalResource(IApprovals approvals, Records records) : IResource
{
    private static readonly Shape Body = new Shape("ApprovalBody", "The answer of a person.")
        .Needs("status", Kind.Text, "`approve` to answer, `deny` to turn it down.")
        .With("responses", Kind.Any, "A list of text, one for each question, in order.")
        .With("message", Kind.Text, "What is to be on record with it.")
        .With("type", Kind.Text, "Ignored.")
        .With("action", Kind.Text, "Ignored.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("approval", "List what runs ask people", RecordTypes.Approval, records),
        Route.One("approval/{id}", "Read what a run asks", RecordTypes.Approval, records),
        Route.Post("approval/{id}", "Answer a prompt, or approve an action", Body, Answer) with
        {
            Needed = Permissions.ViewEvents, Answers = Shapes.Success,
            Description = "By a person it is addressed to, signed in with name and password: never by a token or a run. Where an action needs several persons, `message` says who has to approve it still. The first answer counts: what is answered, denied, expired or cancelled already is a conflict.",
            Errors = [(400, "The responses do not fit the questions.")],
        },
    ];

    /// <summary>An approval that is void has ended the question, so it is no refusal; whoever gave it is told.</summary>
    private static RestAnswer Told(Answered answered) => answered switch
    {
        { Void: { } why } => RestAnswer.Failed(409, why),
        { Left: { } left } => RestAnswer.Ok(new JsonObject { ["success"] = true, ["message"] = left }),
        _ => RestAnswer.Ok(Wire.Success()),
    };

    private Task<RestAnswer> Answer(RestCall call)
    {
        var body = call.Body(Body);
        // Who may not answer at all hears that first, whatever stands in the body.
        bool? given = body.Text("status") switch
        {
            "approve" or "approved" => true,
            "deny" or "denied" => false,
            _ => null,
        };
        IReadOnlyList<string> responses = body.Value("responses") switch
        {
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.ToString())],
            null or { ValueKind: JsonValueKind.Null } => [],
            { } other => throw new BadRequestException($"responses has to be a list of text and is {JsonWords.Kind(other)}."),
        };
        var answer = new PromptAnswer(given, responses, body.Text("message") ?? "");
        return call.Work.Write(unit => approvals.Answer(unit, call.Caller, new PromptId(call.Number), answer), Told, call.Ct);
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>
/// Calls of the own REST API: they go through the server's pipeline, in process, as the run's user. What the turn wrote before is committed
/// first, and the effect of the call is one transaction with its recorded answer.
/// </summary>
internal static class RestCalls
{
    public static async Task<string> Rest(Turn turn, JsonElement arguments)
    {
        await turn.CommitSoFar();
        var (method, path) = (arguments.Text("method") ?? "GET", arguments.Text("path") ?? "/");
        if (path.StartsWith("/rest/indicator", StringComparison.Ordinal))
        {
            await turn.Services.Indicators.CatchUp(new ContainerId(turn.Run.Row.ContainerId), CancellationToken.None);
        }

        var answer = await turn.Services.Rest.Value.Call(
            turn.Caller,
            turn.Unit,
            method,
            path,
            arguments.Text("query") ?? "",
            Encoding.UTF8.GetBytes(arguments.Text("body") ?? ""),
            CancellationToken.None);
        if (answer.Refused is { } why)
        {
            await turn.Refused($"{method} {path}", why);
        }

        var text = Utf8.IsValid(answer.Body.Span);
        var json = JsonSerializer.Serialize(new
        {
            status = answer.Status,
            headers = new Dictionary<string, string> { ["content-type"] = answer.ContentType },
            body = text ? Encoding.UTF8.GetString(answer.Body.Span) : "",
            bytes = text ? null : Convert.ToBase64String(answer.Body.Span),
        });
        await turn.CommitSoFar(("rest", arguments.GetRawText(), json));
        return json;
    }
}

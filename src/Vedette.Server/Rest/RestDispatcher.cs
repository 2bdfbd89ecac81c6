using System.Text.Json;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Access;
using Vedette.Engine.Playbooks.Rest;
using Vedette.Engine.Storage;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest;

/// <summary>Finds the route of a call; every error becomes JSON here. Knows no HTTP, so that a run's own calls come through as well.</summary>
internal sealed class RestDispatcher(RouteTable routes, ILogger<RestDispatcher> log)
{
    public bool HasRoute(IReadOnlyList<string> path) => routes.Find(path).Any();

    public async Task<RestAnswer> Answer(RestCall call)
    {
        var here = routes.Find(call.Path).ToList();
        if (here.Count == 0)
        {
            return RestAnswer.Failed(404, call.Path switch
            {
                [] => "Name a resource: /rest/<type>. GET /rest/openapi.json says which there are.",
                [var name, ..] when !routes.Names.Contains(name) => $"There is no /rest/{name}.",
                [var name, _] => $"{name} item not found",
                _ => $"{call.Path[^1]} item not found",
            });
        }

        var method = call.Method == "HEAD" ? "GET" : call.Method;
        if (here.Find(route => route.Method == method) is not { } route)
        {
            return RestAnswer.Failed(405, $"{call.Method} is not possible on /rest/{string.Join('/', call.Path)}; {string.Join(" and ", here.Select(one => one.Method).Distinct())} is.");
        }

        if (call.Method == "DELETE" && call.Caller.ByToken && call.Path[0] != "decided_list")
        {
            return RestAnswer.Failed(403, "Who came by a token does not have permission to delete; sign in as a person.");
        }

        if (call.Caller.Lacks(route.Needed) is { } lacks)
        {
            return RestAnswer.Of(lacks);
        }

        try
        {
            return await route.Answer(call);
        }
        catch (Exception exception) when (exception is BadRequestException or BadQueryException)
        {
            return RestAnswer.Failed(400, exception.Message);
        }
        catch (JsonException exception)
        {
            return RestAnswer.Failed(400, $"A field that holds JSON as text cannot be read: {exception.Message}");
        }
        catch (StoreUnavailableException)
        {
            return RestAnswer.Of(Units.Unavailable);
        }
        catch (OperationCanceledException) when (call.Ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // A mistake of ours: the sender learns that it is ours and where to look, not what the code said.
            log.LogError(exception, "{Method} /rest/{Path} failed ({CausedBy})", call.Method, string.Join('/', call.Path), call.Caller.CausedBy);
            return RestAnswer.Failed(500, $"The platform made a mistake; its log says which, under \"{call.Caller.CausedBy}\".");
        }
    }
}

internal sealed class OwnRest(RestDispatcher dispatcher, IStore store, TimeProvider clock) : IOwnRest
{
    private const int LargestFile = 8 << 20;

    public async Task<OwnRestAnswer> Call(Caller caller, Unit unit, string method, string path, string query, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var segments = RestCall.Segments(path);
        if (segments.Count == 0 || segments[0] != "rest")
        {
            const string Outside = "Only /rest/ can be called from a run.";
            return new OwnRestAnswer(404, "application/json", RestAnswer.Failed(404, Outside).Content(false), Outside);
        }

        var work = new RequestWork(store, clock, caller, unit);
        var call = new RestCall
        {
            Method = method.ToUpperInvariant(),
            Path = [.. segments.Skip(1)],
            Query = RestCall.Pairs(query),
            Content = body,
            Work = work,
            Ct = ct,
        };
        var answer = await Whole(await dispatcher.Answer(call), ct);
        return new OwnRestAnswer(answer.Status, answer.ContentType, answer.Content(call.Flag("pretty")), work.Forbidden ?? Refused(call, answer));
    }

    /// <summary>A run gets an answer in one message, so a file has to fit into it.</summary>
    private static async Task<RestAnswer> Whole(RestAnswer answer, CancellationToken ct)
    {
        if (answer.File is not { } content)
        {
            return answer;
        }

        await using (content)
        {
            if (content.Length > LargestFile)
            {
                return RestAnswer.Failed(413, $"The file has {content.Length} bytes, and a run gets {LargestFile} in one answer; phantom.vault_info gives it the file itself.");
            }

            var bytes = new byte[content.Length];
            await content.ReadExactlyAsync(bytes, ct);
            return answer with { File = null, Bytes = bytes };
        }
    }

    /// <summary>Not permitted, not possible, or a place that is not there: what a run looked for that it should not.</summary>
    private string? Refused(RestCall call, RestAnswer answer) =>
        answer.Status is 403 or 405 || (answer.Status == 404 && !dispatcher.HasRoute(call.Path))
            ? (string?)answer.Body?["message"] ?? $"{answer.Status}"
            : null;
}

using System.Text.Json;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Access;
using Vedette.Engine.Playbooks.Rest;
using Vedette.Engine.Storage;
using Vedette.Server.Rest.Queries;
using Vedette.Server.Rest.Resources;

namespace Vedette.Server.Rest;

/// <summary>Finds the resource of a call; every error becomes JSON here. Knows no HTTP, so that a run's own calls come through as well.</summary>
internal sealed class RestDispatcher(IEnumerable<IResource> resources, ILogger<RestDispatcher> log)
{
    private readonly Dictionary<string, IResource> _resources = resources
        .SelectMany(resource => resource.Names.Select(name => (name, resource)))
        .ToDictionary(pair => pair.name, pair => pair.resource, StringComparer.Ordinal);

    public IEnumerable<string> Names => _resources.Keys;

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count == 0 || !_resources.TryGetValue(call.Path[0], out var resource))
        {
            return RestAnswer.Failed(404, call.Path.Count == 0 ? "Name a resource: /rest/<type>." : $"There is no /rest/{call.Path[0]}.");
        }

        if (call.Method is not ("GET" or "HEAD" or "POST" or "DELETE"))
        {
            return Resource.NotAllowed(call);
        }

        if (call.Method == "DELETE" && call.Caller.ByToken && call.Path[0] != "decided_list")
        {
            return RestAnswer.Failed(403, "Who came by a token does not have permission to delete; sign in as a person.");
        }

        try
        {
            return await resource.Answer(call);
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
    public async Task<OwnRestAnswer> Call(Caller caller, Unit unit, string method, string path, string query, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var segments = RestCall.Segments(path);
        if (segments.Count == 0 || segments[0] != "rest")
        {
            return new OwnRestAnswer(404, "application/json", RestAnswer.Failed(404, "Only /rest/ can be called from a run.").Content(false));
        }

        var call = new RestCall
        {
            Method = method.ToUpperInvariant(),
            Path = [.. segments.Skip(1)],
            Query = RestCall.Pairs(query),
            Body = body,
            Work = new RequestWork(store, clock, caller, unit),
            Ct = ct,
        };
        var answer = await dispatcher.Answer(call);
        return new OwnRestAnswer(answer.Status, answer.ContentType, answer.Content(call.Flag("pretty")));
    }
}

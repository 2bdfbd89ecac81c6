using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.Shodan;

/// <summary>Shodan: what is known of an address or a domain. Its key travels in the query, so no message shows an address.</summary>
public sealed class ShodanConnector() : BuiltInConnector("shodan.json")
{
    /// <summary>At one request per second, the limit of the service; a little more, since it measures at its own end.</summary>
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromSeconds(1.1);

    private protected override async Task<ActionAnswer> Act(ActionCall call, CancellationToken ct) => call.Action switch
    {
        "test connectivity" => await TestConnectivity(call, ct),
        "query ip" => await QueryIp(call, ct),
        "query domain" => await QueryDomain(call, ct),
        _ => NoSuchAction(call),
    };

    private static async Task<ActionAnswer> TestConnectivity(ActionCall call, CancellationToken ct)
    {
        await Get(call, "api-info", null, ct);
        call.Progress("API Key test successful");
        return Done("API Key test successful");
    }

    private static async Task<ActionAnswer> QueryIp(ActionCall call, CancellationToken ct)
    {
        var ip = Inputs.Address(call.Required("ip")) ?? throw Inputs.Invalid("ip");
        var host = await Get(call, $"shodan/host/{Uri.EscapeDataString(ip.ToString())}", null, ct);
        var banners = Items(host, "data");
        return new ActionAnswer
        {
            Success = true,
            Data = banners,
            Summary = new JsonObject
            {
                ["results"] = banners.Count,
                ["country"] = host["country_name"] is JsonValue country && country.TryGetValue<string>(out var name) ? name : "",
                ["open_ports"] = Joined(host["ports"]),
                ["hostnames"] = Joined(host["hostnames"]),
            },
        };
    }

    private static async Task<ActionAnswer> QueryDomain(ActionCall call, CancellationToken ct)
    {
        // Only a plain name: a blank or a colon would add a filter to the query.
        var domain = Inputs.HostName(call.Required("domain")) ?? throw Inputs.Invalid("domain");
        var matches = Items(await Get(call, "shodan/host/search", $"hostname:{domain}", ct), "matches");
        if (matches.Count == 0)
        {
            // The plan's limit counts requests, and this is the second one of the same action.
            await Task.Delay(call.Asset.RequestsPerSecond is { } limit ? BetweenCalls / limit : TimeSpan.Zero, call.Time, ct);
            matches = Items(await Get(call, "shodan/host/search", domain, ct), "matches");
        }

        return new ActionAnswer { Success = true, Data = matches, Summary = new JsonObject { ["results"] = matches.Count } };
    }

    private static async Task<JsonObject> Get(ActionCall call, string path, string? query, CancellationToken ct)
    {
        var root = call.Asset.Text("base_url") ?? "https://api.shodan.io/";
        if (!Uri.TryCreate(root.EndsWith('/') ? root : root + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw CallException.BadInput("The asset's 'base_url' is not an http or https address.");
        }

        var key = call.Asset.Secret("api_key");
        var search = query is null ? "" : $"&query={Uri.EscapeDataString(query)}";
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, $"{path}?key={Uri.EscapeDataString(key)}{search}"));
        request.Headers.Accept.ParseAdd("application/json");
        var reply = await Exchange.Ask(call, request, Exchange.Tls(call.Asset, "verify_server_cert"), reading: true, ct);
        if (!reply.Ok)
        {
            throw Failure(reply);
        }

        var body = reply.Json("Shodan") as JsonObject ?? throw CallException.Unreadable("Shodan's answer is not a JSON object.");
        return Error(body) is { } error ? throw new CallException(new Fault(FaultKind.Refused, Status: reply.Status), error) : body;
    }

    private static CallException Failure(Reply reply)
    {
        var fault = reply.Status == 429 && reply.RetryAfter is null
            ? reply.Fault with { RetryAfter = BetweenCalls }
            : reply.Fault;
        if (Error(reply.JsonOrNull()) is { } error)
        {
            return new CallException(fault, error);
        }

        return reply is { Status: 401, LooksLikeHtml: true }
            ? new CallException(fault, "Invalid API key")
            : new CallException(fault, $"REST Api Call returned error, status_code: {reply.Status}, data: {Reply.Short(reply.PlainText())}");
    }

    private static string? Error(JsonNode? body) =>
        body is JsonObject o && o["error"] is JsonValue value && value.TryGetValue<string>(out var error) && error.Length > 0 ? error : null;

    private static JsonArray Items(JsonObject body, string name) => body[name] switch
    {
        JsonArray items => (JsonArray)items.DeepClone(),
        null => [],
        _ => throw CallException.Unreadable($"Shodan's answer has no list under '{name}'."),
    };

    private static string? Joined(JsonNode? list) =>
        list is JsonArray { Count: > 0 } items ? string.Join(", ", items.Select(item => item?.ToString() ?? "")) : null;
}

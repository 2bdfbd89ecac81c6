using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.ServiceNow;

/// <summary>
/// Requests to the Table API for one call. Encoded queries have no escape for <c>^</c>, so values that go into one are limited to
/// plain characters, and what comes back is compared with what was asked for.
/// </summary>
internal sealed partial class TableApi
{
    private readonly ActionCall _call;
    private readonly Uri _root;
    private readonly TlsCheck _tls;
    private readonly AuthenticationHeaderValue _who;

    public TableApi(ActionCall call)
    {
        _call = call;
        var url = call.Asset.Required("url").TrimEnd('/');
        _root = Uri.TryCreate(url, UriKind.Absolute, out var root) && root.Scheme is "http" or "https" && root.Query.Length == 0
            ? new Uri($"{url}/api/now/")
            : throw CallException.BadInput("The asset's 'url' is not an http or https address.");
        _tls = Exchange.Tls(call.Asset, "verify_server_cert");
        _who = call.Asset.Text("username") is { } user && call.Asset.Text("password") is { } password && !string.IsNullOrWhiteSpace(password)
            ? Exchange.Basic(user, password)
            : throw CallException.BadInput("Unable to get authorization credentials");
    }

    public static string TableName(ActionCall call)
    {
        var table = call.Text("table") is { Length: > 0 } given ? given : "incident";
        return Word().IsMatch(table) ? table : throw Inputs.Invalid("table");
    }

    public static string Id(string id, string parameter) => Plain().IsMatch(id) ? id : throw Inputs.Invalid(parameter);

    /// <summary>The text of a field; of a reference, its value.</summary>
    public static string Value(JsonObject record, string field) => record[field] switch
    {
        JsonObject reference => reference["value"]?.ToString() ?? "",
        null => "",
        var value => value.ToString(),
    };

    public Task<JsonNode> Get(string path, CancellationToken ct) => Send(HttpMethod.Get, path, null, ct);

    public async Task<JsonObject> Write(HttpMethod method, string path, JsonObject fields, CancellationToken ct) =>
        await Send(method, path, fields, ct) as JsonObject
        ?? throw CallException.Unreadable("ServiceNow's answer is not a record.", mayHaveHappened: true);

    public async Task<List<JsonObject>> Rows(string path, CancellationToken ct) => await Get(path, ct) is JsonArray rows
        ? rows.OfType<JsonObject>().ToList()
        : throw CallException.Unreadable("ServiceNow's answer is not a list.");

    /// <summary>The record with this <c>sys_id</c>, or null where the answer says there is none.</summary>
    public async Task<JsonObject?> BySysId(string table, string sysId, CancellationToken ct)
    {
        try
        {
            return await Get($"table/{table}/{Inputs.Segment(sysId, "id")}", ct) is JsonObject record && Value(record, "sys_id") == sysId
                ? record
                : throw CallException.Unreadable("ServiceNow answered with another record than was asked for.");
        }
        catch (CallException e) when (e.Fault.Status == 404)
        {
            return null;
        }
    }

    /// <summary>The record that the parameters <c>id</c> and <c>is_sys_id</c> name.</summary>
    public async Task<JsonObject> Find(string table, CancellationToken ct)
    {
        var id = Id(_call.Required("id"), "id");
        if (_call.Flag("is_sys_id", otherwise: false))
        {
            return await BySysId(table, id, ct) ?? throw NoTicket(404);
        }

        var rows = await Rows($"table/{table}?sysparm_query=number={id}&sysparm_limit=10", ct);
        return rows.Find(row => Value(row, "number") == id) ?? throw NoTicket(200);
    }

    private static CallException NoTicket(int status) => new(
        new Fault(FaultKind.Refused, Status: status),
        "Please provide a valid Ticket Number in the 'id' parameter or check the 'is_sys_id' parameter and provide a valid 'sys_id' in the 'id' parameter");

    private async Task<JsonNode> Send(HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        var reading = method == HttpMethod.Get;
        var request = new HttpRequestMessage(method, new Uri(_root, path));
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Authorization = _who;
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        var reply = await Exchange.Ask(_call, request, _tls, reading, ct);
        if (!reply.Ok)
        {
            throw new CallException(reply.Fault, Said(reply));
        }

        // A hibernating instance answers 200 with a page for people.
        return (reply.Json("ServiceNow") as JsonObject)?["result"]
            ?? throw CallException.Unreadable("ServiceNow's answer has no result.", !reading);
    }

    private static string Said(Reply reply)
    {
        if (reply.JsonOrNull() is not JsonObject body)
        {
            return $"Status Code: {reply.Status}. Data from server: {Reply.Short(reply.PlainText())}";
        }

        var error = body["error"] as JsonObject;
        var message = error?["message"]?.ToString() ?? "Not Found";
        var detail = error?["detail"]?.ToString() ?? "Not supplied";
        return $"API failed, Status code: {reply.Status}, Message: {Reply.Short(message)}, Detail: {Reply.Short(detail)}";
    }

    [GeneratedRegex(@"^[A-Za-z0-9_]{1,80}\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Plain();
}

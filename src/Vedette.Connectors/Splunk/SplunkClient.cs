using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.Splunk;

/// <summary>Speaks to splunkd for the length of one call. Every value travels as a form field, none is glued into an address.</summary>
internal sealed class SplunkClient
{
    private readonly ActionCall _call;
    private readonly TlsCheck _tls;
    private readonly Uri _root;
    private readonly string _space;
    private readonly string? _token;
    private string? _session;

    public SplunkClient(ActionCall call)
    {
        _call = call;
        _tls = Exchange.Tls(call.Asset, "verify_server_cert");
        _root = Root(call.Asset);
        var (owner, app) = (call.Asset.Text("splunk_owner"), call.Asset.Text("splunk_app"));
        _space = owner is null && app is null
            ? "services"
            : $"servicesNS/{Inputs.Segment(owner ?? "-", "splunk_owner")}/{Inputs.Segment(app ?? "-", "splunk_app")}";
        _token = call.Asset.Text("api_token") is null ? null : call.Asset.Secret("api_token");
        if (_token is null && (string.IsNullOrWhiteSpace(call.Asset.Text("username")) || string.IsNullOrWhiteSpace(call.Asset.Text("password"))))
        {
            throw CallException.BadInput(
                "Please provide either API token or username and password in the asset configuration parameters for authentication");
        }

        if (_token is not null && !_token.All(c => c is > ' ' and < (char)0x7f))
        {
            // It could not be sent as it is, and it must not be sent in another way.
            throw CallException.BadInput("The asset's 'api_token' holds a space, a line break or another character that no token has. Enter it again.");
        }
    }

    public async Task SignIn(CancellationToken ct)
    {
        if (_token is not null)
        {
            return;
        }

        using var form = new FormUrlEncodedContent(
        [
            new("username", _call.Asset.Required("username")), new("password", _call.Asset.Secret("password")), new("output_mode", "json"),
        ]);
        var reply = await Exchange.Ask(
            _call, new HttpRequestMessage(HttpMethod.Post, new Uri(_root, "services/auth/login")) { Content = form }, _tls, reading: true, ct);
        // Splunk says 400 where a name or password is missing or refused.
        if (!reply.Ok)
        {
            throw new CallException(reply.Status == 400 ? new Fault(FaultKind.Unauthorized, Status: 400) : reply.Fault, Said(reply));
        }

        _session = reply.Json("Splunk")["sessionKey"]?.ToString() is { Length: > 0 } key
            ? key
            : throw CallException.Unreadable("Splunk's answer to the login has no session key.");
        _call.Secrets.Add(_session);
    }

    public Task<Reply> Get(string path, CancellationToken ct) =>
        Send(() => new HttpRequestMessage(HttpMethod.Get, Address(path)), reading: true, ct);

    public Task<Reply> Post(string path, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken ct)
    {
        var all = fields.Append(new("output_mode", "json")).ToList();
        return Send(() => new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = new FormUrlEncodedContent(all) }, reading: true, ct);
    }

    public Task<Reply> PostText(string path, string text, CancellationToken ct) =>
        Send(() => new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = new StringContent(text) }, reading: false, ct);

    /// <summary>What splunkd gave as the reason: <c>HTTP 400 Bad Request -- text</c>.</summary>
    public static string Said(Reply reply)
    {
        var texts = Messages(reply.JsonOrNull());
        var text = texts.Count > 0 ? string.Join(" ", texts) : reply.PlainText();
        return $"HTTP {reply.Status} {reply.Reason} -- {Reply.Short(text)}";
    }

    public static List<string> Messages(JsonNode? body) => body is JsonObject o && o["messages"] is JsonArray messages
        ? messages.Select(message => (message as JsonObject)?["text"]?.ToString()).OfType<string>().ToList()
        : [];

    /// <summary>
    /// A host name or address means https at <c>port</c>. A URL is taken as written, with its own port and path: for splunkd behind a
    /// proxy, and in the clear where it says http.
    /// </summary>
    private static Uri Root(AssetSettings asset)
    {
        var device = asset.Required("device");
        if (device.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(device.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length + url.Fragment.Length + url.UserInfo.Length == 0
                ? url
                : throw CallException.BadInput("The asset's 'device' is not an http or https address.");
        }

        var port = asset.Number("port", 8089);
        return Uri.CheckHostName(device) != UriHostNameType.Unknown && port is > 0 and < 65536
            ? new UriBuilder("https", device, port).Uri
            : throw CallException.BadInput("The asset's 'device' is not a host name, an address or a URL, or its 'port' is not a port.");
    }

    private Uri Address(string path) => new(_root, $"{_space}/{path}");

    private async Task<Reply> Send(Func<HttpRequestMessage> request, bool reading, CancellationToken ct)
    {
        var reply = await SendOnce(request(), reading, ct);
        if (reply.Status != 401 || _token is not null)
        {
            return reply;
        }

        // The session may have run out in mid-call.
        await SignIn(ct);
        return await SendOnce(request(), reading, ct);
    }

    private Task<Reply> SendOnce(HttpRequestMessage request, bool reading, CancellationToken ct)
    {
        request.Headers.TryAddWithoutValidation("Authorization", _token is not null ? $"Bearer {_token}" : $"Splunk {_session}");
        return Exchange.Ask(_call, request, _tls, reading, ct);
    }
}

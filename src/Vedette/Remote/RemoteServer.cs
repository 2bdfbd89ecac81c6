using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Remote;

/// <summary>A running server, as a command speaks to it: by REST, like everybody.</summary>
internal sealed class RemoteServer : IDisposable
{
    private const string CodeHeader = "X-Second-Factor";

    private readonly HttpClient _http;
    private readonly string _as;

    private RemoteServer(Uri url, string? fingerprint, string speaksAs)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            errors == SslPolicyErrors.None || (certificate is not null && fingerprint is not null && Convert.ToHexString(SHA256.HashData(certificate.GetRawCertData())) == fingerprint);
        _http = new HttpClient(handler) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(1) };
        _as = speaksAs;
    }

    /// <summary>What a person signed in with; null for a token.</summary>
    public string? Password { get; private init; }

    public Uri Url => _http.BaseAddress!;

    public static RemoteServer ByToken(Uri url, string? fingerprint, string token)
    {
        var server = new RemoteServer(url, fingerprint, "with the token in VEDETTE_AUTOMATION_TOKEN");
        server._http.DefaultRequestHeaders.Add("ph-auth-token", token);
        return server;
    }

    public static RemoteServer ByPassword(Uri url, string? fingerprint, string user, string password)
    {
        var server = new RemoteServer(url, fingerprint, $"as {user}") { Password = password };
        server._http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return server;
    }

    public Task<JsonElement> Get(string path, CancellationToken ct) => Send(() => new HttpRequestMessage(HttpMethod.Get, path), ct);

    public Task<JsonElement> Post(string path, JsonObject body, CancellationToken ct) => Send(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, ct);

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> Send(Func<HttpRequestMessage> make, CancellationToken ct)
    {
        using (var request = make())
        {
            try
            {
                using var response = await _http.SendAsync(request, ct);
                var text = await response.Content.ReadAsStringAsync(ct);
                if (Password is not null && response.StatusCode == HttpStatusCode.Unauthorized && text.Contains("\"second_factor_needed\"", StringComparison.Ordinal) && !_http.DefaultRequestHeaders.Contains(CodeHeader))
                {
                    _http.DefaultRequestHeaders.Add(CodeHeader, PasswordPrompt.Ask("Code of the second factor: "));
                    return await Send(make, ct);
                }

                return response.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(text) : throw new CommandException(Refused((int)response.StatusCode, text));
            }
            catch (HttpRequestException exception)
            {
                throw new CommandException(exception.HttpRequestError == HttpRequestError.SecureConnectionError
                    ? $"The certificate of {Url} is not trusted. If it is the server's self-made one, compare it with what the server printed at its start and name it with --fingerprint."
                    : $"The server at {Url} cannot be reached: {exception.Message}", exception);
            }
            catch (JsonException exception)
            {
                throw new CommandException($"What answers at {Url} is no Vedette: {exception.Message}", exception);
            }
        }
    }

    private string Refused(int status, string text)
    {
        var message = text;
        try
        {
            message = JsonNode.Parse(text)?["message"]?.GetValue<string>() ?? text;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            message = $"{message} ({exception.Message})";
        }

        var who = status is not (401 or 403) ? "" : Password is null ? $" This was asked {_as}; --user NAME asks as a person." : $" This was asked {_as}.";
        return $"The server at {Url} refused: {message}{who}";
    }
}

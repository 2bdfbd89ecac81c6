using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Vedette.Lab.Tests;

/// <summary>A lab of one test and the intents a test has towards it.</summary>
internal sealed class RunningLab : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    private RunningLab(Lab lab) => Lab = lab;

    internal Lab Lab { get; }

    internal static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static async Task<RunningLab> Start(LabOptions? options = null) => new(await Lab.Start(options ?? new(), Ct));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Lab.DisposeAsync();
    }

    internal async Task Behave(string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync($"{Lab.Url}/_lab/behaviour", body, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    internal Task<HttpResponseMessage> Get(string url, string? authorization = null) => Send(HttpMethod.Get, url, null, authorization);

    internal async Task<JsonNode> Json(string url, string? authorization = null)
    {
        using var answer = await Get(url, authorization);
        return await Body(answer);
    }

    internal static async Task<JsonNode> Body(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;

    internal async Task<HttpResponseMessage> Send(HttpMethod method, string url, HttpContent? content, string? authorization = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        if (authorization is not null)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        return await _http.SendAsync(request, Ct);
    }

    internal Task<HttpResponseMessage> ServiceNow(HttpMethod method, string path, object? body = null) => Send(
        method, $"{Lab.ServiceNowUrl}/api/now/table/{path}", body is null ? null : JsonContent.Create(body),
        Basic(LabCredentials.ServiceNowUser, LabCredentials.ServiceNowPassword));

    internal Task<HttpResponseMessage> Shodan(string path, string key = LabCredentials.ShodanKey) =>
        Get($"{Lab.ShodanUrl}/{path}{(path.Contains('?') ? '&' : '?')}key={key}");

    internal async Task<string> Whois(int port, string query)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Lab.WhoisHost, port, Ct);
        await client.Client.SendAsync(Encoding.ASCII.GetBytes(query + "\r\n"), Ct);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(Ct);
    }

    internal async Task<JsonArray> Tickets() => (await Json($"{Lab.Url}/_lab/tickets")).AsArray();

    internal static string Basic(string user, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}

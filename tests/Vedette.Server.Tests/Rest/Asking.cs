using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Rest;

/// <summary>Requests and answers in few words.</summary>
internal static class Asking
{
    public static async Task<Answer> Ask(this HttpClient client, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            // As curl -d sends it: the type of content says nothing.
            request.Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public static async Task<JsonElement> Read(this HttpClient client, string path) => (await client.Ask("GET", path)).Good();

    public static async Task<JsonElement> Post(this HttpClient client, string path, string body) => (await client.Ask("POST", path, body)).Good();

    public static Task<long> NewEvent(this HttpClient client, string more = "") => client.Made("/rest/container", $$"""{"name":"x","label":"events"{{more}}}""");

    public static async Task<long> Made(this HttpClient client, string path, string body) => (await client.Post(path, body)).GetProperty("id").GetInt64();

    /// <summary>Numbers of the records that a list gives.</summary>
    public static async Task<long[]> Ids(this HttpClient client, string path) =>
        [.. (await client.Read(path)).GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetInt64())];

    /// <summary>Somebody with a name and a password.</summary>
    public static HttpClient Person(this Site site, string name = "admin", string? password = null)
    {
        var client = new HttpClient { BaseAddress = site.Server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password ?? site.Password}")));
        return client;
    }

    public static HttpClient WithToken(this Site site, string token)
    {
        var client = new HttpClient { BaseAddress = site.Server.Url };
        client.DefaultRequestHeaders.Add("ph-auth-token", token);
        return client;
    }

    public static HttpClient Nobody(this Site site) => new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = site.Server.Url };

    /// <summary>A new automation user with these roles, and a client that has its token.</summary>
    public static async Task<HttpClient> Automation(this Site site, HttpClient admin, string name, params string[] roles)
    {
        var user = await admin.Made("/rest/ph_user", $$"""{"username":"{{name}}","type":"automation","allowed_ips":["any"],"roles":{{JsonSerializer.Serialize(roles)}}}""");
        return site.WithToken((await admin.Post($"/rest/ph_user/{user}/token", "{}")).GetProperty("key").GetString()!);
    }

    /// <summary>Ends when the row is as it has to be.</summary>
    public static async Task<T> Until<T>(this Site site, Where where, Func<T, bool> so)
        where T : class, IRow
    {
        while (true)
        {
            if ((await site.Server.Store.Select<T>(Query.For(where), TestContext.Current.CancellationToken)).FirstOrDefault(so) is { } row)
            {
                return row;
            }

            await Task.Yield();
        }
    }

    /// <summary>An address for a route: 1 for a number, a word for a name.</summary>
    public static string Address(string path) => "/rest/" + path.Replace("{id}", "1", StringComparison.Ordinal).Replace("{name}", "a", StringComparison.Ordinal).Replace("{field}", "name", StringComparison.Ordinal);
}

internal sealed record Answer(HttpStatusCode Status, byte[] Content)
{
    public string Text => Encoding.UTF8.GetString(Content);

    public JsonElement Json
    {
        get
        {
            using var parsed = JsonDocument.Parse(Content);
            return parsed.RootElement.Clone();
        }
    }

    /// <summary>The body of an answer that is no failure.</summary>
    public JsonElement Good()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{Status}: {Text}");
        var body = Json;
        Assert.False(body.ValueKind == JsonValueKind.Object && body.TryGetProperty("failed", out _), Text);
        return body;
    }

    /// <summary>The message of a failure.</summary>
    public string Refused(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{Status}, not {status}: {Text}");
        Assert.True(Json.GetProperty("failed").GetBoolean());
        return Json.GetProperty("message").GetString()!;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Vedette.Lab.Tests;

public sealed class LabTests
{
    private const string Record = """{"short_description":"x","sys_id":"0123456789abcdef0123456789abcdef"}""";

    [Fact]
    public async Task SameSysIdTwice_SecondIsRefused()
    {
        await using var lab = await Lab.Start(new LabOptions(), TestContext.Current.CancellationToken);
        using var client = Client(lab);

        using var first = await Post(client, Record);
        using var second = await Post(client, Record);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, second.StatusCode);
        Assert.Equal(1, (await client.GetFromJsonAsync<JsonElement>("/_lab/tickets", TestContext.Current.CancellationToken)).GetArrayLength());
    }

    [Fact]
    public async Task UnknownFieldInQuery_MatchesEverything()
    {
        await using var lab = await Lab.Start(new LabOptions(), TestContext.Current.CancellationToken);
        using var client = Client(lab);
        using var made = await Post(client, Record);

        var answer = await client.GetFromJsonAsync<JsonElement>("/servicenow/api/now/table/incident?sysparm_query=no_such_field=1", TestContext.Current.CancellationToken);

        Assert.Equal(1, answer.GetProperty("result").GetArrayLength());
    }

    [Fact]
    public async Task ToldToRefuse_AnswersTooManyWithRetryAfter()
    {
        await using var lab = await Lab.Start(new LabOptions(), TestContext.Current.CancellationToken);
        using var client = Client(lab);
        using var behaviour = new StringContent("""{"system":"servicenow","fail":"429","retry_after":7}""");
        (await client.PostAsync("/_lab/behaviour", behaviour, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        using var answer = await Post(client, Record);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
    }

    private static HttpClient Client(Lab lab)
    {
        var client = new HttpClient { BaseAddress = lab.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LabCredentials.ServiceNowUser}:{LabCredentials.ServiceNowPassword}")));
        return client;
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.PostAsync("/servicenow/api/now/table/incident", content, TestContext.Current.CancellationToken);
    }
}

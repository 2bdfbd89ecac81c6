using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Vedette.Server.Tests;

/// <summary>The assets that a lab brings: each reaches its stand-in, and none is slowed down.</summary>
public sealed class LabAssetTests
{
    [Fact]
    public async Task EachOfTheFive_ReachesItsStandInWithoutALimit()
    {
        await using var site = await Site.Open();
        using var admin = new HttpClient { BaseAddress = site.Server.Url };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{site.Password}")));
        var assets = (await site.Get("/rest/asset?page_size=0")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["servicenow", "shodan", "splunk", "whois", "windows_server"], assets.Select(asset => asset.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        foreach (var asset in assets)
        {
            Assert.Equal(0, asset.GetProperty("configuration").GetProperty("requests_per_second").GetDouble());
            using var tested = await admin.PostAsync($"/rest/asset/{asset.GetProperty("id").GetInt64()}/test", null, TestContext.Current.CancellationToken);
            var answer = await tested.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            Assert.True(answer.TryGetProperty("success", out _), $"{asset.GetProperty("name")}: {answer}");
        }
    }
}

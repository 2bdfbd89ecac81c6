using System.Text.Json;

namespace Vedette.Server.Tests.Threats;

public sealed class T11_OwnPortTests
{
    /// <summary>The server was told to take any free port: which one it has shows only once it listens.</summary>
    [Fact]
    public async Task T11_PortChosenAtTheStart_IsOneThatNoActionReaches()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var asset = (await admin.Said(HttpMethod.Get, "/rest/asset?_filter_name=\"whois\"")).GetProperty("data")[0].GetProperty("id").GetInt64();
        var sentence = $"Not allowed to reach 127.0.0.1:{site.Server.Url.Port}: this server itself listens there, and the asset does not name this host with this port.";

        Assert.DoesNotContain(sentence, $"{await Test(admin, asset)}", StringComparison.Ordinal);
        var changed = await admin.Said(HttpMethod.Post, $"/rest/asset/{asset}", new { configuration = new { server = "127.0.0.1", port = site.Server.Url.Port } });
        Assert.True(changed.TryGetProperty("success", out _), changed.ToString());
        Assert.Contains(sentence, $"{await Test(admin, asset)}", StringComparison.Ordinal);
    }

    private static Task<JsonElement> Test(HttpClient admin, long asset) => admin.Said(HttpMethod.Post, $"/rest/asset/{asset}/test", new { });
}

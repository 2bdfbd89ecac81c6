using System.Net;
using System.Text.Json;

namespace Vedette.Server.Tests.Rest;

/// <summary>The severities an installation has: added and taken away by those who may, and on record.</summary>
public sealed class SeverityTests
{
    [Fact]
    public async Task SeverityThatIsAdded_IsHadByEventsAndSetByPlaybooks()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();

        var id = await admin.Made("/rest/severity", """{"name":"critical","color":"#aa0000","order":0}""");
        await admin.Made("/rest/severity", """{"name":"informational"}""");

        var all = (await admin.Read("/rest/severity?sort=order&order=asc&page_size=0")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["critical", "high", "medium", "low", "informational"], all.Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(("#aa0000", false, false), (all[0].GetProperty("color").GetString(), all[0].GetProperty("is_default").GetBoolean(), all[0].GetProperty("disabled").GetBoolean()));
        var made = await admin.Made("/rest/container", """{"name":"e","label":"events","severity":"Critical"}""");
        Assert.Equal("critical", (await admin.Read($"/rest/container/{made}")).GetProperty("severity").GetString());
        var audit = (await admin.Read("/rest/audit?page_size=0")).ToString();
        Assert.Contains("critical", audit, StringComparison.Ordinal);
        Assert.True(id > 3);
    }

    [Fact]
    public async Task SeverityThatIsDeleted_StaysWithWhatHasIt_AndItsNameBringsItBack()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var id = await admin.Made("/rest/severity", """{"name":"critical","color":"#aa0000"}""");
        var made = await admin.Made("/rest/container", """{"name":"e","label":"events","severity":"critical"}""");

        (await admin.Ask("DELETE", $"/rest/severity/{id}")).Good();

        Assert.Equal("critical", (await admin.Read($"/rest/container/{made}")).GetProperty("severity").GetString());
        (await admin.Ask("POST", $"/rest/container/{made}", """{"severity":"critical","name":"f"}""")).Good();
        Assert.Contains("\"critical\" is not known", (await admin.Ask("POST", "/rest/container", """{"name":"g","label":"events","severity":"critical"}""")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        (await admin.Ask("DELETE", $"/rest/severity/{id}")).Refused(HttpStatusCode.NotFound);
        Assert.Equal(id, await admin.Made("/rest/severity", """{"name":"CRITICAL"}"""));
        Assert.Equal("#aa0000", (await admin.Read($"/rest/severity/{id}")).GetProperty("color").GetString());
        (await admin.Ask("DELETE", "/rest/severity/1")).Good();
        await admin.Made("/rest/container", """{"name":"h","label":"events","severity":"high"}""");
        Assert.Contains("names no severity", (await admin.Ask("DELETE", "/rest/severity/2")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":""}""", "1 to 20 letters")]
    [InlineData("""{"name":"of twenty-one letters"}""", "1 to 20 letters")]
    [InlineData("""{"name":"aaaaaaaaaaaaaaaaaaaaa"}""", "1 to 20 letters")]
    [InlineData("""{"name":"x","color":"red"}""", "six hexadecimal digits")]
    [InlineData("""{"name":"x","order":1001}""", "0, the highest severity, to 1000")]
    [InlineData("""{"name":"HIGH"}""", "already")]
    public async Task SeverityOutsideTheLimits_IsRefused(string body, string said)
    {
        await using var site = await Site.Open();
        using var admin = site.Person();

        var answer = await admin.Ask("POST", "/rest/severity", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(said, answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, (await admin.Ids("/rest/severity")).Length);
    }

    [Fact]
    public async Task EleventhSeverity_IsRefused_UntilOneIsDeleted()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        for (var number = 4; number <= 10; number++)
        {
            await admin.Made("/rest/severity", JsonSerializer.Serialize(new { name = $"s{number}" }));
        }

        Assert.Contains("10 severities", (await admin.Ask("POST", "/rest/severity", """{"name":"s11"}""")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        (await admin.Ask("DELETE", "/rest/severity/1")).Good();
        await admin.Made("/rest/severity", """{"name":"s11"}""");
    }

    [Fact]
    public async Task TokenAndRun_NeitherAddNorDelete()
    {
        await using var site = await Site.Open();

        (await site.Client.Ask("POST", "/rest/severity", """{"name":"critical"}""")).Refused(HttpStatusCode.Forbidden);
        (await site.Client.Ask("DELETE", "/rest/severity/1")).Refused(HttpStatusCode.Forbidden);
        Assert.Equal(3, (await site.Client.Ids("/rest/severity")).Length);
    }
}

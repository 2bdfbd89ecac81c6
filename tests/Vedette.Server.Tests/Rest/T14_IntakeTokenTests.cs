using System.Net;

namespace Vedette.Server.Tests.Rest;

public sealed class T14_IntakeTokenTests
{
    /// <summary>All that a token for intake reads.</summary>
    private static readonly string[] PickLists = ["severity", "severity/{id}", "container_status", "container_status/{id}", "container_options", "cef_metadata", "version"];

    [Fact]
    public async Task T14_IntakeToken_CreatesEventsUnderItsLabelsAndReadsPickListsAndNothingElse()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var foreign = await site.Client.NewEvent();
        using var intake = await Intake(site, admin, "events");
        foreach (var route in site.Server.Routes.All)
        {
            var answer = await intake.Ask(route.Method, Asking.Address(route.Path), route.Method == "GET" ? null : "{}");
            if (route.Method == "GET" && PickLists.Contains(route.Path))
            {
                Assert.True(answer.Status == HttpStatusCode.OK, $"{route.Path}: {answer.Text}");
            }
            else if (route is { Method: "POST", Path: "container" or "artifact" })
            {
                // Nothing of that empty body is stored; what is stored is tried below.
                Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            }
            else
            {
                Assert.Contains("does not have permission", answer.Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
            }
        }

        var mine = await intake.NewEvent();
        await intake.Made("/rest/artifact", $$"""{"container_id":{{mine}},"cef":{"sourceAddress":"10.0.0.1"},"run_automation":false}""");
        Assert.Equal("events", (await site.Client.Read($"/rest/container/{mine}")).GetProperty("label").GetString());
        Assert.True(foreign > 0);
    }

    [Fact]
    public async Task T14_IntakeTokenForOtherLabels_CreatesNothingUnderThisOne()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var container = await site.Client.NewEvent();
        await AddLabel(site, "mail");
        using var intake = await Intake(site, admin, "mail");

        Assert.Contains("does not have permission for label", (await intake.Ask("POST", "/rest/container", """{"name":"x","label":"events"}""")).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Contains("does not have permission for label", (await intake.Ask("POST", "/rest/artifact", $$$"""{"container_id":{{{container}}},"cef":{"a":1}}""")).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Equal("mail", (await intake.Read("/rest/container_options")).GetProperty("label")[0].GetString());
        Assert.Equal(1, (await intake.Read("/rest/container_options")).GetProperty("label").GetArrayLength());
        Assert.True(await intake.Made("/rest/container", """{"name":"x","label":"mail"}""") > container);
    }

    [Fact]
    public async Task T14_ReadingATokenAgain_IsForAdministratorsWhoSwitchedItOn()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();

        Assert.Contains("token_readable_by_admin", (await admin.Ask("GET", "/rest/ph_user/2/token")).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        await admin.Post("/rest/system_settings/auth_settings", """{"token_readable_by_admin":true}""");
        Assert.Contains("made before", (await admin.Ask("GET", "/rest/ph_user/2/token")).Refused(HttpStatusCode.NotFound), StringComparison.Ordinal);

        var made = (await admin.Post("/rest/ph_user/2/token", "{}")).GetProperty("key").GetString()!;
        var read = (await admin.Read("/rest/ph_user/2/token")).GetProperty("key").GetString()!;
        Assert.Equal(made, read);
        using var client = site.WithToken(read);
        await client.Read("/rest/version");
        (await client.Ask("GET", "/rest/ph_user/2/token")).Refused(HttpStatusCode.Forbidden);
        using var boss = await site.Automation(admin, "boss", "Administrator");
        Assert.Contains("a person", (await boss.Ask("GET", "/rest/ph_user/2/token")).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Contains((await admin.Read("/rest/audit?administration")).EnumerateArray(), row => row.GetProperty("OBJECT TYPE").GetString() == "token" && row.GetProperty("ACTION").GetString() == "read");

        await admin.Post("/rest/system_settings/auth_settings", """{"token_readable_by_admin":false}""");
        (await admin.Ask("GET", "/rest/ph_user/2/token")).Refused(HttpStatusCode.Forbidden);
        await admin.Post("/rest/system_settings/auth_settings", """{"token_readable_by_admin":true}""");
        (await admin.Ask("GET", "/rest/ph_user/2/token")).Refused(HttpStatusCode.NotFound);
    }

    /// <summary>The answer that shows a token is not among those kept for the same request again.</summary>
    [Fact]
    public async Task T14_TokenMadeWithAnIdempotencyKey_IsKeptNowhere()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();

        var key = (await admin.Ask("POST", "/rest/ph_user/2/token", "{}", ("Idempotency-Key", "once"))).Good().GetProperty("key").GetString()!;

        Assert.DoesNotContain(await site.Server.Store.Select<Vedette.Engine.Storage.RequestKeyRow>(new Vedette.Engine.Storage.Query(), TestContext.Current.CancellationToken), row => row.Answer.Contains(key, StringComparison.Ordinal));
        using var client = site.WithToken(key);
        await client.Read("/rest/version");
    }

    private static async Task<HttpClient> Intake(Site site, HttpClient admin, string label) =>
        site.WithToken((await admin.Post("/rest/ph_user/2/token", $$"""{"kind":"intake","labels":["{{label}}"]}""")).GetProperty("key").GetString()!);

    private static async Task AddLabel(Site site, string name)
    {
        var unit = new Vedette.Engine.Storage.Unit();
        unit.Insert(new Vedette.Engine.Storage.LabelRow { Id = site.Server.Store.NextId<Vedette.Engine.Storage.LabelRow>(), Name = name });
        Assert.True((await site.Server.Store.Commit(unit, TestContext.Current.CancellationToken)).IsDone);
    }
}

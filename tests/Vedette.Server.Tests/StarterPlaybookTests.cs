using System.Text.Json;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests;

/// <summary>The playbooks that a new installation comes with.</summary>
public sealed class StarterPlaybookTests
{
    [Fact]
    public async Task ALab_HasAllOfThemWithTheirFunctionsAndLists_AndOnlyTheOneForItsAlertsStarts()
    {
        await using var site = await Site.Open();

        var playbooks = (await site.Get("/rest/playbook?page_size=0")).GetProperty("data").EnumerateArray().ToList();

        Assert.Equal(
            ["conclude_investigation", "investigate_impossible_travel", "investigate_malware_on_endpoint", "investigate_phishing_mail", "investigate_suspicious_outbound_connection", "open_ticket", "rate_findings", "read_settings"],
            playbooks.Select(Name).Order(StringComparer.Ordinal));
        Assert.All(playbooks, playbook => Assert.True(playbook.GetProperty("passed_validation").GetBoolean(), playbook.ToString()));
        Assert.Equal("investigate_suspicious_outbound_connection", Name(Assert.Single(playbooks, playbook => playbook.GetProperty("active").GetBoolean())));
        var lists = (await site.Get("/rest/decided_list?page_size=0")).GetProperty("data").EnumerateArray().Select(Name).ToList();
        Assert.All(["malware_settings", "outbound_connection_settings", "phishing_settings", "ticket_settings", "travel_settings"], name => Assert.Contains(name, lists));
    }

    [Theory]
    [InlineData("investigate_phishing_mail", "It is phishing", "Phishing mail from pay(at)static[.]example[.]com: Your new salary", "did not pass dmarc",
        """[{"cef":{"fromEmail":"Payroll <pay@static.example.com>","emailSubject":"Your new salary","emailHeaders":{"Authentication-Results":"mx; dmarc=fail"},"requestURL":"https://files.example.org/x"}}]""")]
    [InlineData("investigate_malware_on_endpoint", "The machine is off the network", "Malware on wks-0417: salary[.]exe", "wks-0417 is a workstation (Windows 11 Enterprise)",
        """[{"cef":{"deviceHostname":"WKS-0417","sourceUserName":"jdoe","fileName":"salary.exe","fileHashMd5":"098f6bcd4621d373cade4e832627b4f6","destinationAddress":"198.51.100.77","deviceAction":"allowed"}}]""")]
    [InlineData("investigate_impossible_travel", "It was somebody else", "Impossible travel of jdoe", "faster than one can travel",
        """[{"cef":{"sourceUserName":"HALDEN\\jdoe","sourceAddress":"198.51.100.77","startTime":"2026-03-04T08:00:00Z","sourceGeoLatitude":60.4,"sourceGeoLongitude":5.3}},{"cef":{"sourceUserName":"jdoe","sourceAddress":"203.0.113.20","startTime":"2026-03-04T09:00:00Z","sourceGeoLatitude":1.3,"sourceGeoLongitude":103.8}}]""")]
    public async Task SwitchedOn_ItAsksWhatIsInDoubt_AndTheAnswerMakesTheTicket(string playbook, string answer, string title, string found, string artifacts)
    {
        await using var site = await Site.Open();
        await Switch(site, "investigate_suspicious_outbound_connection", false);
        await Switch(site, playbook, true);

        var (status, made) = await site.Post("/rest/container", $$"""{"name":"reported","label":"events","run_automation":true,"artifacts":{{artifacts}}}""");
        Assert.True(status == 200, made.ToString());
        var container = made.GetProperty("id").GetInt64();
        var asked = await Asked(site, container);
        Assert.Equal(200, (await site.PostAsAdmin($"/rest/approval/{asked.GetProperty("id")}", $$"""{"status":"approve","responses":["{{answer}}"]}""")).Status);

        await site.RunEnded(container, 3);
        var runs = await Runs(site, container);
        Assert.Equal([playbook, "conclude_investigation", "open_ticket"], runs.Select(run => run.PlaybookName));
        Assert.All(runs, run => Assert.True(run.Status == "success", run.Message));
        var fields = Assert.Single((await site.Tickets()).EnumerateArray()).GetProperty("fields");
        Assert.Equal((title, "1"), (fields.GetProperty("short_description").GetString(), fields.GetProperty("urgency").GetString()));
        Assert.Contains(found, fields.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains($"answered: {answer}", fields.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Contains("A person confirmed it", fields.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    private static async Task Switch(Site site, string playbook, bool active)
    {
        var id = (await site.Get($"/rest/playbook?_filter_name=%22{playbook}%22")).GetProperty("data")[0].GetProperty("id");
        Assert.Equal(200, (await site.PostAsAdmin($"/rest/playbook/{id}", $$"""{"active":{{(active ? "true" : "false")}}}""")).Status);
    }

    /// <summary>The open question of an event; that it can come no more is a failure.</summary>
    private static async Task<JsonElement> Asked(Site site, long container)
    {
        while (true)
        {
            foreach (var prompt in (await site.Get("/rest/approval?_filter_status=%22pending%22")).GetProperty("data").EnumerateArray())
            {
                return prompt;
            }

            Assert.All(await Runs(site, container), run => Assert.True(run.EndedAt is null, $"{run.PlaybookName} ended without asking: {run.Message}"));
        }
    }

    private static async Task<IReadOnlyList<PlaybookRunRow>> Runs(Site site, long container) =>
        await site.Server.Store.Select<PlaybookRunRow>(new Query { Where = Where.Is(nameof(PlaybookRunRow.ContainerId), container), Order = [("Id", false)] }, TestContext.Current.CancellationToken);

    private static string Name(JsonElement record) => record.GetProperty("name").GetString()!;
}

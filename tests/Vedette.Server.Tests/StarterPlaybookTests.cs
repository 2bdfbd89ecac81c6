using System.Text.Json;

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

    private static string Name(JsonElement record) => record.GetProperty("name").GetString()!;
}

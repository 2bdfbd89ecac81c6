using System.Text.Json;

namespace Vedette.Server.Tests;

/// <summary>Actions, assets and parameters that are not there, from REST and from a playbook: named in the answer, and what can go on goes on.</summary>
public sealed class UnknownNamesTests
{
    [Theory]
    [InlineData("""{"action":"levitate","targets":[{"assets":["whois"],"parameters":[{}]}]}""", "failed", "levitate")]
    [InlineData("""{"action":"whois domain","targets":[{"assets":["nowhere"],"parameters":[{"domain":"example.com"}]}]}""", "failed", "nowhere")]
    [InlineData("""{"action":"whois domain","targets":[{"assets":["whois"],"parameters":[{}]}]}""", "failed", "Parameter 'domain' of \"whois domain\" is missing.")]
    [InlineData("""{"action":"whois domain","targets":[{"assets":["whois"],"parameters":[{"domian":"example.com"}]}]}""", "failed", "Parameter 'domain' of \"whois domain\" is missing. \"whois domain\" has no parameter 'domian', which was left out; it takes: domain.")]
    [InlineData("""{"action":"query ip","targets":[{"assets":["shodan"],"parameters":[{"ip":"not an address"}]}]}""", "failed", "Parameter 'ip' failed validation")]
    [InlineData("""{"action":"query ip","targets":[{"assets":["shodan"],"parameters":["text"]}]}""", null, "parameters[0] has to be an object and is text")]
    [InlineData("""{"action":"query ip","targets":[{"assets":["shodan"],"parameters":{"ip":"203.0.113.9"}}]}""", null, "parameters has to be a list of objects and is an object")]
    [InlineData("""{"action":"query ip","targets":"shodan"}""", null, "targets has to be a list of objects and is text")]
    [InlineData("""{"action":"query ip"}""", null, "Action \"query ip\" was asked without targets")]
    [InlineData("""{"targets":[]}""", null, "action is missing")]
    public async Task ActionByRest_AnswerNamesWhatIsUnknown(string asked, string? ends, string said)
    {
        await using var site = await Site.Open();

        var (status, body) = await site.Post("/rest/action_run", asked);

        Assert.Equal(ends is null ? 400 : 200, status);
        var message = ends is null ? body.GetProperty("message").GetString() : (await Ended(site, body.GetProperty("action_run_id").GetInt64(), ends)).GetProperty("message").GetString();
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParameterThatIsNotKnown_IsLeftOutAndTheResultSaysSo()
    {
        await using var site = await Site.Open();

        var (_, body) = await site.Post("/rest/action_run", """{"action":"query ip","targets":[{"assets":["shodan"],"parameters":[{"ip":"198.51.100.7","depth":3,"context":{"guid":"x"}}]}]}""");

        var run = body.GetProperty("action_run_id").GetInt64();
        await Ended(site, run, null);
        var app = (await site.Get($"/rest/action_run/{run}/app_runs?include_expensive")).GetProperty("data")[0];
        Assert.EndsWith("\"query ip\" has no parameter 'depth', which was left out; it takes: ip.", app.GetProperty("result_data")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ActionsOfAPlaybook_CallbackIsToldWhatIsUnknownAndTheRunGoesOn()
    {
        await using var site = await Site.Open();

        var run = await site.RunToEnd("asker", """
            import phantom.rules as phantom

            def on_start(container):
                phantom.act("levitate", parameters=[{}], name="a", callback=told)
                phantom.act("whois domain", parameters=[{"domain": "example.com"}], assets=["nowhere"], name="b", callback=told)
                phantom.act("whois domain", parameters=[{}], assets=["whois"], name="c", callback=told)
                phantom.act("whois domain", parameters=[{"domian": "example.com"}], assets=["whois"], name="d", callback=told)

            def told(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.debug("%s %s %s" % (action["name"], success, results[0]["message"]))

            def on_finish(container, summary):
                phantom.debug("finished")

            """);

        Assert.Equal("success", run.GetProperty("status").GetString());
        var log = await site.LogOf(run);
        Assert.Contains(log, line => line.StartsWith("a False ", StringComparison.Ordinal) && line.Contains("levitate", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("b False ", StringComparison.Ordinal) && line.Contains("nowhere", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("c False Parameter 'domain' of \"whois domain\" is missing.", StringComparison.Ordinal));
        Assert.Contains(log, line => line.StartsWith("d False ", StringComparison.Ordinal) && line.Contains("has no parameter 'domian'", StringComparison.Ordinal));
        Assert.Contains("finished", log);
        await site.AlertStillBecomesTicket();
    }

    [Fact]
    public async Task PlaybookAndEventThatAreNotThere_AreNamed()
    {
        await using var site = await Site.Open();
        var container = await site.QuietEvent();

        var (noPlaybook, first) = await site.Post("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/nothing"}""");
        var (noEvent, second) = await site.Post("/rest/playbook_run", """{"container_id":4711,"playbook_id":"community/investigate_suspicious_outbound_connection"}""");

        Assert.Equal((404, "Playbook \"local/nothing\" not found"), (noPlaybook, first.GetProperty("message").GetString()));
        Assert.Equal((404, "container item not found"), (noEvent, second.GetProperty("message").GetString()));
    }

    /// <param name="status">How it has to end; null for any end.</param>
    private static async Task<JsonElement> Ended(Site site, long run, string? status)
    {
        JsonElement found;
        do
        {
            found = await site.Get($"/rest/action_run/{run}");
        }
        while (found.GetProperty("status").GetString() is "pending" or "running");
        Assert.Equal(status ?? found.GetProperty("status").GetString(), found.GetProperty("status").GetString());
        return found;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests;

/// <summary>What an asset may be asked, set and seen over REST, and kept by the actions of all runs.</summary>
public sealed class QuotaTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LimitIsReached_RunSaysWhatItWaitsForAndGoesOnWhenTheLimitIsLifted()
    {
        await using var site = await Site.Open(setup: options => options with { Metrics = true });
        await Set(site, "whois", new JsonObject { ["calls_per_interval"] = 1, ["interval_seconds"] = 86400 });
        await site.Import("asks", """
            import phantom.rules as phantom

            def on_start(container):
                phantom.act("whois ip", parameters=[{"ip": "203.0.113.9"}], assets=["whois"], callback=asked, name="ask")

            def asked(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
                phantom.comment(container=container, comment=str(success))
            """);
        var container = await site.QuietEvent();
        var (_, started) = await site.PostAsAdmin("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/asks"}""");
        var asset = await Asset(site, "whois");
        JsonElement quota;
        while ((quota = await site.Get($"/rest/asset/{asset}/quota")).GetProperty("waiting").GetInt64() == 0)
        {
            await Task.Yield();
        }

        Assert.Equal("its turn: 1 in 86400 seconds may leave", quota.GetProperty("waiting_for").GetString());
        Assert.Equal(0, quota.GetProperty("calls").GetInt64());
        var wait = Assert.Single((await site.Get($"/rest/playbook_run/{started.GetProperty("playbook_run_id").GetString()}/waiting_for")).GetProperty("data").EnumerateArray());
        Assert.Equal("whois, for \"whois ip\" on whois: its turn: 1 in 86400 seconds may leave", wait.GetProperty("what").GetString());
        Assert.Equal(quota.GetProperty("waiting_since").GetString(), wait.GetProperty("since").GetString());
        Assert.Contains($"vedette_asset_calls_waiting{{asset=\"{asset}\"}} 1", await site.Client.GetStringAsync("/metrics", Ct), StringComparison.Ordinal);

        await Set(site, "whois", new JsonObject { ["calls_per_interval"] = null, ["interval_seconds"] = null });

        await site.RunEnded(container);
        Assert.Equal(1, (await site.Get($"/rest/asset/{asset}/quota")).GetProperty("calls").GetInt64());
    }

    [Fact]
    public async Task EqualQuestions_AreAskedOnceWhileTheAnswerIsGood()
    {
        await using var site = await Site.Open();
        await Set(site, "shodan", new JsonObject { ["answers_good_for_seconds"] = 3600 });
        var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => site.Ask("query ip", "shodan", new { ip = "203.0.113.20" })));
        var answers = new List<ActionResultRow>();
        foreach (var id in ids)
        {
            await site.ActionEnded(id);
            answers.Add(await Result(site, id));
        }

        await site.ActionEnded(await site.Ask("query ip", "shodan", new { ip = "203.0.113.64" }));

        var quota = await site.Get($"/rest/asset/{await Asset(site, "shodan")}/quota");
        Assert.Equal((2, 4), (quota.GetProperty("calls").GetInt64(), quota.GetProperty("shared").GetInt64()));
        Assert.Single(answers.Select(answer => answer.Data).Distinct());
        Assert.Equal(4, answers.Count(answer => answer.Decision.Contains("answered by what was asked at", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AssetChanged_TheAnswersBeforeAreNotGivenAnyMore()
    {
        await using var site = await Site.Open();
        await Set(site, "shodan", new JsonObject { ["answers_good_for_seconds"] = 3600 });
        await site.ActionEnded(await site.Ask("query ip", "shodan", new { ip = "203.0.113.20" }));
        await Set(site, "shodan", new JsonObject { ["answers_good_for_seconds"] = 1800 });
        await site.ActionEnded(await site.Ask("query ip", "shodan", new { ip = "203.0.113.20" }));

        Assert.Equal(2, (await site.Get($"/rest/asset/{await Asset(site, "shodan")}/quota")).GetProperty("calls").GetInt64());
    }

    [Fact]
    public async Task SystemIsDown_QuestionsFailAtOnceUntilATestOfTheAssetShowsThatItAnswers()
    {
        await using var site = await Site.Open();
        await Set(site, "shodan", new JsonObject { ["breaker_failures"] = 2, ["breaker_pause_seconds"] = 3600 });
        await site.Behave("""{"system":"shodan","fail":"500"}""");
        await site.ActionEnded(await site.Ask("query ip", "shodan", new { ip = "203.0.113.20" }));
        var asset = await Asset(site, "shodan");
        var shut = await site.Get($"/rest/asset/{asset}/quota");
        Assert.Equal(("open", 2), (shut.GetProperty("breaker").GetString(), shut.GetProperty("calls").GetInt64()));
        Assert.Equal(1, (await site.Get("/rest/health")).GetProperty("assets_left_alone").GetInt64());

        await site.Behave("""{"system":"shodan"}""");
        var refused = await site.ActionEnded(await site.Ask("query ip", "shodan", new { ip = "203.0.113.20" }));
        Assert.Equal("failed", refused.Status);
        Assert.Contains("is left alone until", refused.Message, StringComparison.Ordinal);

        Assert.Equal(200, (await site.PostAsAdmin($"/rest/asset/{asset}/test", "{}")).Status);
        Assert.Equal("success", (await site.ActionEnded(await site.Ask("query ip", "shodan", new { ip = "203.0.113.20" }))).Status);
    }

    [Theory]
    [InlineData("""{"calls_per_interval":0}""", "\"calls_per_interval\" is not a whole number from 1 to 100000")]
    [InlineData("""{"calls_per_interval":1.5}""", "\"calls_per_interval\" is not a whole number from 1 to 100000")]
    [InlineData("""{"calls_per_interval":2,"burst":3}""", "\"burst\" is above \"calls_per_interval\"")]
    [InlineData("""{"interval_seconds":60}""", "\"interval_seconds\" says nothing without \"calls_per_interval\"")]
    [InlineData("""{"breaker_pause_seconds":0}""", "\"breaker_pause_seconds\" is not a number from 1 to 3600")]
    [InlineData("""{"answers_good_for_seconds":"long"}""", "\"answers_good_for_seconds\" is not a number from 0 to 86400")]
    public async Task LimitThatIsNone_IsRefusedByName(string configuration, string why)
    {
        await using var site = await Site.Open();

        var (status, body) = await site.PostAsAdmin($"/rest/asset/{await Asset(site, "whois")}", $$"""{"configuration":{{configuration}}}""");

        Assert.Equal(400, status);
        Assert.Contains(why, body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task<long> Asset(Site site, string name) =>
        (await site.Get($"/rest/asset?_filter_name=\"{name}\"")).GetProperty("data")[0].GetProperty("id").GetInt64();

    private static async Task<ActionResultRow> Result(Site site, long id) =>
        Assert.Single(await site.Server.Store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), id)), Ct));

    private static async Task Set(Site site, string asset, JsonObject settings)
    {
        var found = (await site.Get($"/rest/asset?_filter_name=\"{asset}\"")).GetProperty("data")[0];
        var configuration = JsonNode.Parse(found.GetProperty("configuration").GetRawText())!.AsObject();
        foreach (var (name, value) in settings)
        {
            configuration[name] = value?.DeepClone();
        }

        var (status, body) = await site.PostAsAdmin($"/rest/asset/{found.GetProperty("id")}", new JsonObject { ["configuration"] = configuration }.ToJsonString());
        Assert.True(status == 200, body.ToString());
    }
}

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Lab;

namespace Vedette.Server.Tests.Api;

/// <summary>Actions with a <c>reviewer</c>: they leave as a person saw them, or not at all.</summary>
public sealed class ReviewerTests
{
    private const string Reviewed = """
        import phantom.rules as phantom

        def on_start(container):
            phantom.act("whois domain", parameters=[{"domain": "example.net", "unused": "x"}], assets=["whois"], name="who", reviewer="nobody we know, admin", callback=looked)

        def looked(action=None, success=None, container=None, results=None, handle=None, **kwargs):
            phantom.comment(container=container, comment="%s %s" % (success, results[0]["action_results"][0]["message"]))
        """;

    [Fact]
    public async Task ApprovedAction_LeavesAsItWasShown_AndIsAnsweredOnce()
    {
        await using var site = await Site.Open();
        var (container, approval) = await Asked(site, Reviewed);
        var action = await site.Get($"/rest/action_run/{approval.GetProperty("action_run")}");

        Assert.Equal("pending", action.GetProperty("status").GetString());
        Assert.Equal(("action", "parameter", "who"), (approval.GetProperty("action").GetString(), approval.GetProperty("type").GetString(), approval.GetProperty("name").GetString()));
        Assert.Equal("""{"action":"whois domain","asset":"whois","app":"WHOIS","parameters":{"domain":"example.net"},"reach":"reads"}""", approval.GetProperty("targets")[0].GetRawText());
        Assert.Equal(TimeSpan.FromMinutes(30), approval.GetProperty("due_time").GetDateTimeOffset() - approval.GetProperty("start_time").GetDateTimeOffset());

        var (byToken, _) = await site.Post(Path(approval), """{"status":"approve"}""");
        var (first, _) = await Answer(site, approval, """{"status":"approve"}""");
        var (second, why) = await Answer(site, approval, """{"status":"deny"}""");

        Assert.Equal((403, 200, 409), (byToken, first, second));
        Assert.Contains("Somebody was faster: this was approved already by admin", why.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.StartsWith("True ", Assert.Single(await Comments(site, container)), StringComparison.Ordinal);
        var sent = Assert.Single(await site.Server.Store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ContainerId), container)), TestContext.Current.CancellationToken));
        Assert.EndsWith("; approved by admin", sent.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeclinedAction_FailsWithTheSentenceOfThePerson()
    {
        await using var site = await Site.Open();
        var (container, approval) = await Asked(site, Reviewed);

        await Answer(site, approval, """{"status":"deny","message":"not this domain"}""");

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal(["False not this domain"], await Comments(site, container));
        Assert.Equal("failed", (await site.Get($"/rest/action_run/{approval.GetProperty("action_run")}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task NobodyInTime_ActionFails_AlsoOverARestart()
    {
        await using var site = await Site.Open();
        var (container, approval) = await Asked(site, Reviewed);
        var late = new Unit();
        late.Update<PromptRow>(approval.GetProperty("id").GetInt64(), null, (nameof(PromptRow.DueAt), DateTimeOffset.UtcNow));
        await site.Server.Store.Commit(late, TestContext.Current.CancellationToken);
        await site.Server.DisposeAsync();
        await site.StartServer();

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal(["False Nobody answered in time."], await Comments(site, container));
        Assert.Equal("expired", (await site.Get(Path(approval))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task T20_AssetChangedAfterAsking_VoidsTheApproval()
    {
        await using var site = await Site.Open();
        var (container, approval) = await Asked(site, Reviewed);
        var whois = (await site.Get("/rest/asset?_filter_name=\"whois\"")).GetProperty("data")[0];
        Assert.Equal(200, (await site.PostAsAdmin($"/rest/asset/{whois.GetProperty("id")}", """{"tags":["outside"]}""")).Status);

        var (status, why) = await Answer(site, approval, """{"status":"approve"}""");

        Assert.Equal(409, status);
        Assert.Contains("\"whois\" was changed after this action was asked for", why.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.StartsWith("False Not sent: asset \"whois\" was changed", Assert.Single(await Comments(site, container)), StringComparison.Ordinal);
        Assert.Equal("cancelled", (await site.Get(Path(approval))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task T20_WhomTheRunActsAs_DoesNotApproveItsActions_AndMayDecline()
    {
        await using var site = await Site.Open();
        var (container, approval) = await Asked(site, Reviewed, byAdmin: true);

        var (status, why) = await Answer(site, approval, """{"status":"approve"}""");
        var (declined, _) = await Answer(site, approval, """{"status":"deny"}""");

        Assert.Equal((403, 200), (status, declined));
        Assert.Contains("nobody approves an action of their own", why.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["False Denied by admin."], await CommentsAtTheEnd(site, container));
    }

    [Fact]
    public async Task ActionCalledOff_EndsItsQuestion_AndTheCallbackIsTold()
    {
        await using var site = await Site.Open();
        var (container, approval) = await Asked(site, Reviewed);

        var (status, _) = await site.PostAsAdmin($"/rest/action_run/{approval.GetProperty("action_run")}", """{"cancel":true}""");

        Assert.Equal(200, status);
        Assert.Equal(["False Cancelled by admin."], await CommentsAtTheEnd(site, container));
        Assert.Equal("cancelled", (await site.Get(Path(approval))).GetProperty("status").GetString());
        Assert.Equal("cancelled", (await site.Get($"/rest/action_run/{approval.GetProperty("action_run")}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task RunThatFailsInTheTurnThatAsks_LeavesNothingToApprove()
    {
        await using var site = await Site.Open();
        await site.Import("fails", """
            import phantom.rules as phantom

            def on_start(container):
                phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", reviewer="admin")
                phantom.prompt(user="admin", message="Go on?", name="ask")
                raise ValueError("no further")
            """);
        var container = await site.QuietEvent();

        await site.Post("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/fails"}""");

        Assert.Equal("failed", (await site.RunEnded(container)).Status);
        var asked = (await site.Get("/rest/approval")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["cancelled", "cancelled"], asked.Select(one => one.GetProperty("status").GetString()));
        var actions = (await site.Get($"/rest/action_run?_filter_container={container}")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(2, actions.Count);
        Assert.All(actions, action => Assert.Equal("The run that asked has ended.", action.GetProperty("message").GetString()));
    }

    [Fact(Timeout = 240_000)]
    public async Task KilledServer_KeepsWhatWaits_AndApprovedItLeavesOnce()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        await using var lab = await Lab.Lab.Start(new LabOptions(), ct);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        long container;
        using (var first = await ServerProcess.Start(folder, new Uri(lab.Url), token))
        {
            using var admin = Admin(first.Url);
            await Sent(admin, "/rest/import_playbook", new { playbook = await PlaybookArchive.Pack("reviewed", Reviewed), scm = "local" });
            container = (await Sent(admin, "/rest/container", new { name = "quiet", label = "events" })).GetProperty("id").GetInt64();
            using var client = new HttpClient { BaseAddress = first.Url };
            client.DefaultRequestHeaders.Add("ph-auth-token", token);
            await Sent(client, "/rest/playbook_run", new { container_id = container, playbook_id = "local/reviewed" });
            await Pending(admin);
            first.Kill();
        }

        // Started with a lab it would write the assets again, which voids what waits for them.
        using var second = await ServerProcess.Start(folder, null, token);
        using var after = Admin(second.Url);
        var approval = await Pending(after);
        await Sent(after, Path(approval), new { status = "approve" });
        JsonElement comments;
        do
        {
            comments = (await after.GetFromJsonAsync<JsonElement>($"/rest/container/{container}/comments", ct)).GetProperty("data");
        }
        while (comments.GetArrayLength() == 0);

        Assert.StartsWith("True ", comments[0].GetProperty("comment").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await after.GetFromJsonAsync<JsonElement>($"/rest/app_run?_filter_container={container}", ct)).GetProperty("count").GetInt64());
        second.Kill();
        Directory.Delete(folder, recursive: true);
    }

    private static HttpClient Admin(Uri url)
    {
        var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("admin:a-made-up-password-1")));
        return client;
    }

    private static async Task<JsonElement> Sent(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static async Task<JsonElement> Pending(HttpClient client)
    {
        while (true)
        {
            var open = (await client.GetFromJsonAsync<JsonElement>("/rest/approval?_filter_status=%22pending%22", TestContext.Current.CancellationToken)).GetProperty("data");
            if (open.GetArrayLength() > 0)
            {
                return open[0];
            }
        }
    }

    private static async Task<(long Container, JsonElement Approval)> Asked(Site site, string source, bool byAdmin = false)
    {
        await site.Import("reviewed", source);
        var container = await site.QuietEvent();
        var start = $$"""{"container_id":{{container}},"playbook_id":"local/reviewed"}""";
        var (status, started) = byAdmin ? await site.PostAsAdmin("/rest/playbook_run", start) : await site.Post("/rest/playbook_run", start);
        Assert.True(status == 200, started.ToString());
        return (container, await Pending(site.Client));
    }

    private static string Path(JsonElement approval) => $"/rest/approval/{approval.GetProperty("id")}";

    private static Task<(int Status, JsonElement Body)> Answer(Site site, JsonElement approval, string json) => site.PostAsAdmin(Path(approval), json);

    private static async Task<IReadOnlyList<string>> CommentsAtTheEnd(Site site, long container)
    {
        await site.RunEnded(container);
        return await Comments(site, container);
    }

    private static async Task<IReadOnlyList<string>> Comments(Site site, long container) =>
        [.. (await site.Get($"/rest/container/{container}/comments?sort=id&order=asc")).GetProperty("data").EnumerateArray().Select(comment => comment.GetProperty("comment").GetString()!)];
}

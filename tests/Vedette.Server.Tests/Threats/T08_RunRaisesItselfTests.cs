using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Threats;

/// <summary>A run of the administrator, who may everything, written by somebody who even knows the administrator's password: it decides nothing about itself.</summary>
public sealed class T08_RunRaisesItselfTests
{
    /// <summary>Method, path and body; ASSET, EVENT, PLAYBOOK and IMPORT are filled in.</summary>
    private const string Attempts = """
        POST /rest/ph_user {"username":"mallory","type":"normal","password":"another-made-up-1","roles":["Administrator"]}
        POST /rest/ph_user/2 {"roles":["Administrator"]}
        POST /rest/ph_user/2 {"allowed_ips":["any"]}
        DELETE /rest/ph_user/1 -
        POST /rest/ph_user/2/token -
        GET /rest/ph_user/2/token -
        POST /rest/role {"name":"mine","permissions":["All"]}
        POST /rest/role/1 {"permissions":["All"]}
        POST /rest/asset {"name":"mine","product_name":"WHOIS","configuration":{}}
        POST /rest/asset/ASSET {"configuration":{"base_url":"http://127.0.0.1:9"}}
        POST /rest/asset/ASSET/test {}
        DELETE /rest/asset/ASSET -
        POST /rest/app {"app":"x"}
        GET /rest/audit -
        POST /rest/audit {"act":"nothing"}
        DELETE /rest/audit/1 -
        GET /rest/container/EVENT/audit -
        POST /rest/stop_switch {"stopped":true}
        POST /rest/stop_switch {"stopped":false}
        POST /rest/import_playbook {"playbook":"IMPORT","scm":"local","force":true}
        POST /rest/playbook/PLAYBOOK {"active":true}
        POST /rest/playbook/PLAYBOOK {"cancel_runs":true}
        POST /rest/approval/1 {"answer":"approve"}
        POST /rest/action_run/1 {"outcome":"happened"}
        POST /rest/prompt/1 {"answer":"yes"}
        POST /rest/policy {"level":"full"}
        POST /rest/stop_switch {"stopped":false,"asset":"whois"}
        POST /rest/delegation {"to":"admin","until":"2030-01-01T00:00:00Z"}
        POST /rest/system_settings {"sandbox_accepted":"open"}
        POST /rest/second_factor {}
        DELETE /rest/ph_user/1/second_factor -
        DELETE /rest/ph_user/1/sessions -
        POST /rest/sandbox {"accept":"open","level":"open"}
        POST /rest/password {"old_password":"x","new_password":"another-made-up-1"}
        POST /login {"username":"admin"}
        """;

    public static TheoryData<string, string> Disguises() => new()
    {
        { "https://127.0.0.1", "{}" },
        { "BASE", "{'auth': ('admin', PASSWORD)}" },
        { "http://localhost:1", "{'headers': {'ph-auth-token': TOKEN}}" },
        { "https://[::1]", "{'headers': {'Authorization': 'Basic ' + base64.b64encode(('admin:' + PASSWORD).encode()).decode()}}" },
        { "https://admin:x@127.0.0.1", "{'headers': {'Cookie': 'sessionid=' + TOKEN, 'X-CSRFToken': TOKEN, 'Origin': 'https://127.0.0.1'}, 'cookies': {'sessionid': TOKEN}}" },
        { "https://127.0.0.1/../..", "{'headers': {'X-Forwarded-For': '127.0.0.1', 'Forwarded': 'for=127.0.0.1'}, 'verify': False}" },
    };

    [Theory]
    [MemberData(nameof(Disguises))]
    public async Task T08_OwnRestFromARun_EveryDecisionIsRefusedAndOnRecord(string host, string credentials)
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var before = await Decisions(site);
        var run = await site.RunPlaybook(admin, "raises_itself", await Source(site, host, credentials));

        var answers = (JsonArray)run.Output()["answers"]!;
        var attempts = Attempts.Split('\n');
        Assert.Equal(attempts.Length, answers.Count);
        Assert.All(answers, answer => Assert.Contains((int)answer![1]!, new[] { 403, 404, 405 }));
        Assert.Equal(200, (int)run.Output()["allowed"]!);
        var refusals = await site.Refusals(run);
        Assert.Equal(answers.Select(answer => (string)answer![0]!), refusals.Select(refusal => (string)refusal["call"]!));
        Assert.Equal(before, (await Decisions(site)).Where(row => !row.Contains("raises_itself", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("https://2130706433")]
    [InlineData("https://0x7f.1")]
    [InlineData("https://127.1")]
    [InlineData("https://0.0.0.0")]
    [InlineData("https://[::ffff:127.0.0.1]")]
    [InlineData("https://127.0.0.1.nip.example")]
    [InlineData("file:///etc/passwd#")]
    [InlineData("//127.0.0.1")]
    public async Task T08_OtherSpellingsOfThisServer_LeadNowhere(string host)
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "spelling", $$"""
            import phantom.rules as phantom
            import requests
            def on_start(container):
                try:
                    answer = requests.post({{JsonSerializer.Serialize(host)}} + '/rest/stop_switch', json={'stopped': True}).status_code
                except requests.exceptions.RequestException as error:
                    answer = type(error).__name__
                phantom.save_playbook_output_data({'answer': answer})
            """);

        Assert.Contains(run.Output()["answer"]!.ToString(), new[] { "ConnectionError", "InvalidURL", "403", "404" });
        Assert.False((await site.Get("/rest/stop_switch")).GetProperty("stopped").GetBoolean());
    }

    [Fact]
    public async Task T08_NamesOnTheWorkersLine_ThatNobodyOffered_AreRefusedAndOnRecord()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "line", """
            import phantom.rules as phantom
            from phantom import _link
            def on_start(container):
                said = []
                for name in ('import_playbook', 'stop_switch', 'accept_sandbox', 'approve', 'create_user', 'commit', 'audit', 'change_asset'):
                    try:
                        said.append(str(_link.turn.call(name, {'active': True, 'stopped': True, 'run': 1, 'user_id': 1})))
                    except Exception as error:
                        said.append(type(error).__name__)
                phantom.save_playbook_output_data({'said': said})
            """);

        Assert.All((JsonArray)run.Output()["said"]!, said => Assert.Equal("NotAvailable", (string)said!));
        Assert.Equal(8, (await site.Refusals(run)).Count);
    }

    [Fact]
    public async Task T08_UserWithFewRights_HisRunHasNoMore()
    {
        await using var site = await Site.Open();
        using var user = await site.UserWith("narrow", "ViewEvents", "RunPlaybooks");
        var run = await site.RunPlaybook(user, "narrow", """
            import phantom.rules as phantom
            import requests
            def on_start(container):
                said = [
                    phantom.set_severity(container=container, severity='high')[0],
                    phantom.add_note(container=container, note_type='general', title='x', content='y')[0],
                    phantom.comment(container=container, comment='x')[0],
                    phantom.add_artifact(container=container, cef_data={'a': 'b'}, name='x')[0],
                    phantom.add_list('allowed', ['all'])[0],
                    phantom.get_list('allowed')[0],
                    requests.post('https://127.0.0.1/rest/container', json=[{'name': 'x', 'label': 'events'}]).ok,
                ]
                try:
                    phantom.act('whois domain', parameters=[{'domain': 'halden.example'}])
                    said.append(True)
                except RuntimeError:
                    said.append(False)
                phantom.save_playbook_output_data({'said': said})
            """);

        Assert.All((JsonArray)run.Output()["said"]!, said => Assert.False((bool)said!));
        var calls = (await site.Refusals(run)).Select(refusal => (string)refusal["call"]!).ToHashSet();
        Assert.Superset(new HashSet<string> { "phantom.set_severity", "phantom.add_note", "phantom.comment", "phantom.add_artifact", "phantom.add_list", "phantom.get_list", "POST /rest/container", "phantom.act" }, calls);
    }

    [Fact]
    public async Task T08_DatapathIntoAnotherEvent_IsReadWithTheUsersRights()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var other = await admin.NewEvent();
        await admin.Said(HttpMethod.Post, "/rest/artifact", new { container_id = other, name = "theirs", cef = new { fileName = "theirs.txt" }, run_automation = false });
        var source = $$"""
            import phantom.rules as phantom
            def on_start(container):
                read = phantom.collect2(container={{other}}, datapath=['artifact:*.cef.fileName'])
                text = phantom.format(container={{other}}, template='{0}', parameters=['artifact:*.cef.fileName'])
                phantom.save_playbook_output_data({'read': read, 'there': 'theirs' in text, 'matched': phantom.decision(container={{other}}, conditions=[['artifact:*.cef.fileName', '==', 'theirs.txt']])})
            """;
        using var blind = await site.UserWith("blind", "RunPlaybooks");
        var seen = await site.RunPlaybook(admin, "reads", source);
        var refused = await site.RunPlaybook(blind, "blind", source);

        Assert.Equal(["""{"read":[["theirs.txt"]],"there":true,"matched":true}""", """{"read":[],"there":false,"matched":false}"""], [seen.Output().ToJsonString(), refused.Output().ToJsonString()]);
        Assert.Contains("phantom.collect2", (await site.Refusals(refused)).Select(refusal => (string)refusal["call"]!));
    }

    [Fact]
    public async Task T08_LoopOfRefusals_FillsNoDisk()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "loop", """
            import phantom.rules as phantom
            import requests
            def on_start(container):
                for _ in range(500):
                    requests.post('https://127.0.0.1/rest/stop_switch', json={'stopped': True, 'reason': 'x' * 1000})
                    requests.get('https://127.0.0.1/rest/' + 'y' * 5000)
                phantom.save_playbook_output_data({'said': 'all'})
            """);

        Assert.Equal("all", (string)run.Output()["said"]!);
        var refusals = await site.Refusals(run);
        Assert.Equal(50, refusals.Count);
        Assert.Contains("further ones get no row", (string)refusals[^1]["last"]!, StringComparison.Ordinal);
        Assert.All(refusals, refusal => Assert.InRange(refusal.ToJsonString().Length, 1, 1000));
    }

    [Fact]
    public async Task T08_TurnThatIsThrownAway_ItsRefusalsStayOnRecord()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "dies", """
            import os
            import requests
            def on_start(container):
                requests.post('https://127.0.0.1/rest/stop_switch', json={'stopped': True})
                os._exit(1)
            """);

        Assert.Equal("failed", run.Status);
        // Tried three times, refused three times.
        Assert.Equal(3, (await site.Refusals(run)).Count);
    }

    [Fact]
    public async Task T08_AuthorWithFewerRightsThanTheUserItRunsAs_CannotWriteOrActivateIt()
    {
        await using var site = await Site.Open();
        using var author = await site.UserWith("author", "ViewEvents", "ViewPlaybooks", "EditPlaybooks");
        const string source = "def on_start(container):\n    pass\n";
        using var admin = site.AsAdmin();
        var id = (await admin.Import("of_admin", source)).GetProperty("id").GetInt64();

        Assert.Equal("raises_rights", (await author.Import("of_author", source)).GetProperty("code").GetString());
        Assert.Equal("raises_rights", (await author.Said(HttpMethod.Post, $"/rest/playbook/{id}", new { active = true })).GetProperty("code").GetString());
    }

    private static async Task<string> Source(Site site, string host, string credentials)
    {
        var asset = (await site.Get("/rest/asset")).GetProperty("data")[0].GetProperty("id").GetInt64();
        var playbook = (await site.Get("/rest/playbook")).GetProperty("data")[0].GetProperty("id").GetInt64();
        var attempts = Attempts.Split('\n').Select(line => line.Trim().Split(' ', 3)).Select(parts => new[]
        {
            parts[0],
            parts[1].Replace("ASSET", $"{asset}", StringComparison.Ordinal).Replace("PLAYBOOK", $"{playbook}", StringComparison.Ordinal),
            parts[2].Replace("IMPORT", HostileSite.Packed("by_run", "def on_start(container):\n    pass\n"), StringComparison.Ordinal),
        });
        return $$"""
            import base64
            import phantom.rules as phantom
            import requests
            PASSWORD, TOKEN = {{JsonSerializer.Serialize(site.Password)}}, {{JsonSerializer.Serialize(site.Token)}}
            def on_start(container):
                host = {{JsonSerializer.Serialize(host)}}.replace('BASE', phantom.get_base_url())
                answers = []
                for method, path, body in {{JsonSerializer.Serialize(attempts)}}:
                    path = path.replace('EVENT', str(container['id']))
                    answer = requests.request(method, host + path, data=None if body == '-' else body, **{{credentials}})
                    answers.append([method + ' ' + requests.urllib.parse.urlsplit(host + path).path, answer.status_code])
                allowed = requests.get('https://127.0.0.1/rest/container/' + str(container['id']), **{{credentials}}).status_code
                phantom.save_playbook_output_data({'answers': answers, 'allowed': allowed})
            """;
    }

    /// <summary>All that a run may never change, row by row.</summary>
    private static async Task<IReadOnlyList<string>> Decisions(Site site)
    {
        var store = site.Server.Store;
        var ct = TestContext.Current.CancellationToken;
        return
        [
            .. (await store.Select<UserRow>(new Query(), ct)).Select(row => $"user {row.Id} {row.Version} {row.Roles} {row.PasswordHash}"),
            .. (await store.Select<RoleRow>(new Query(), ct)).Select(row => $"role {row.Id} {row.Version} {row.Permissions}"),
            .. (await store.Select<TokenRow>(new Query(), ct)).Select(row => $"token {row.Id} {row.Hash} {row.Revoked}"),
            .. (await store.Select<AssetRow>(new Query(), ct)).Select(row => $"asset {row.Id} {row.Version} {row.Configuration}"),
            .. (await store.Select<SettingRow>(new Query(), ct)).Select(row => $"setting {row.Name} {row.Value}"),
            .. (await store.Select<PlaybookRow>(new Query(), ct)).Select(row => $"playbook {row.Name} {row.Version} {row.Active} {row.SourceHash}"),
        ];
    }
}

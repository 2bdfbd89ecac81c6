using System.Text.Json;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Threats;

public sealed class T22_RecordTouchedTests
{
    /// <summary>Method, path, body; ID is the id that the first act with this path's resource made.</summary>
    private const string Acts = """
        POST /rest/container {"name":"a","label":"events"}
        POST /rest/container/EVENT {"severity":"high"}
        POST /rest/artifact {"container_id":EVENT,"name":"x","cef":{"a":"b"}}
        POST /rest/note {"container_id":EVENT,"title":"t","content":"c"}
        POST /rest/container_comment {"container_id":EVENT,"comment":"c"}
        POST /rest/container_pin {"container_id":EVENT,"message":"m","data":"d"}
        POST /rest/decided_list {"name":"mine","content":[["a"]]}
        POST /rest/decided_list/mine {"append_rows":[["b"]]}
        DELETE /rest/decided_list/mine -
        POST /rest/ph_user {"username":"robot","type":"automation","roles":["Automation"]}
        POST /rest/ph_user/2 {"title":"the robot"}
        POST /rest/ph_user/2/token -
        POST /rest/asset {"name":"second","product_vendor":"Generic","product_name":"WHOIS","configuration":{}}
        POST /rest/asset/ASSET {"description":"read again"}
        POST /rest/asset/ASSET/test {}
        POST /rest/import_playbook {"playbook":"IMPORT","scm":"local","force":true}
        POST /rest/playbook_run {"container_id":EVENT,"playbook_id":"local/recorded"}
        POST /rest/action_run {"action":"whois ip","targets":[{"assets":["whois"],"parameters":[{"ip":"10.0.0.1"}]}]}
        POST /rest/stop_switch {"stopped":true,"reason":"x"}
        POST /rest/stop_switch {"stopped":false,"reason":"x"}
        """;

    [Fact]
    public async Task T22_EveryActHasItsRow_AndWhatWasRefusedHasNone()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var ct = TestContext.Current.CancellationToken;
        var container = await admin.NewEvent();
        var asset = (await admin.Said(HttpMethod.Get, "/rest/asset?_filter_name=\"whois\"")).GetProperty("data")[0].GetProperty("id").GetInt64();
        var vendor = (await admin.Said(HttpMethod.Get, $"/rest/asset/{asset}")).GetProperty("product_vendor").GetString()!;
        var product = (await admin.Said(HttpMethod.Get, $"/rest/asset/{asset}")).GetProperty("product_name").GetString()!;
        foreach (var line in Acts.Split('\n'))
        {
            var parts = line.Split(' ', 3);
            var body = parts[2].Replace("EVENT", $"{container}", StringComparison.Ordinal).Replace("Generic", vendor, StringComparison.Ordinal).Replace("\"WHOIS\"", JsonSerializer.Serialize(product), StringComparison.Ordinal)
                .Replace("IMPORT", HostileSite.Packed("recorded", "def on_start(container):\n    pass\n"), StringComparison.Ordinal);
            var path = parts[1].Replace("EVENT", $"{container}", StringComparison.Ordinal).Replace("ASSET", $"{asset}", StringComparison.Ordinal);
            var last = await Last(site, ct);
            var answer = await admin.Said(new HttpMethod(parts[0]), path, body == "-" ? null : JsonSerializer.Deserialize<JsonElement>(body));

            Assert.False(answer.TryGetProperty("failed", out _) && !path.EndsWith("/test", StringComparison.Ordinal), $"{line}: {answer}");
            var rows = await site.Server.Store.Select<AuditRow>(Query.For(new Compare(nameof(AuditRow.Number), Comparison.Greater, last)), ct);
            Assert.Contains(rows, row => row.UserId == 1 && row.Address == "127.0.0.1" && row.CausedBy.StartsWith("request ", StringComparison.Ordinal));
        }

        var before = await site.Server.Store.Count<AuditRow>(Where.Is(nameof(AuditRow.UserId), 1L), ct);
        foreach (var (path, body) in new (string, object)[]
        {
            ("/rest/container", new { name = "a", label = "no-such-label" }),
            ("/rest/ph_user", new { username = "robot", type = "automation" }),
            ("/rest/asset", new { name = "third", product_name = "no such product" }),
            ("/rest/note", new { container_id = 999_999, title = "t" }),
            ("/rest/playbook_run", new { container_id = 999_999, playbook_id = "local/recorded" }),
            ($"/rest/asset/{asset}", new { concurrency_limit = 0 }),
        })
        {
            Assert.True((await admin.Said(HttpMethod.Post, path, body)).TryGetProperty("failed", out _));
        }

        Assert.Equal(before, await site.Server.Store.Count<AuditRow>(Where.Is(nameof(AuditRow.UserId), 1L), ct));
    }

    /// <summary>One unit, all or nothing: where the act cannot be written its row is not, and where the row cannot be the act is not.</summary>
    [Fact]
    public async Task T22_UnitThatFails_LeavesNeitherActNorRow()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var ct = TestContext.Current.CancellationToken;
        var store = site.Server.Store;
        var container = await admin.NewEvent();
        var (comments, rows) = (await store.Count<CommentRow>(Where.All, ct), await store.Count<AuditRow>(Where.All, ct));
        var now = DateTimeOffset.UnixEpoch;
        var audit = new AppendAudit(new AuditRow { At = now, Channel = Model.Channel.Rest, Act = "made", Object = "comment" });
        Insert Comment(long id) => new(new CommentRow { Id = id, CreatedAt = now, UpdatedAt = now, ContainerId = container, Comment = "x" });

        var stale = new Unit();
        stale.Add(Comment(store.NextId<CommentRow>()));
        stale.Add(audit);
        stale.Expect<ContainerRow>(container, 4711);
        var taken = new Unit();
        taken.Add(audit);
        var id = store.NextId<CommentRow>();
        taken.Add(Comment(id));
        taken.Add(Comment(id));
        Assert.Equal(CommitKind.Stale, (await store.Commit(stale, ct)).Kind);
        Assert.False((await store.Commit(taken, ct)).IsDone);

        var touching = new Unit();
        touching.Add(Comment(store.NextId<CommentRow>()));
        touching.Delete<AuditRow>(1);
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.Commit(touching, ct));

        Assert.Equal((comments, rows), (await store.Count<CommentRow>(Where.All, ct), await store.Count<AuditRow>(Where.All, ct)));
    }

    private static async Task<long> Last(Site site, CancellationToken ct) =>
        (await site.Server.Store.Select<AuditRow>(new Query { Order = [(nameof(AuditRow.Number), true)], Limit = 1 }, ct))[0].Number;
}

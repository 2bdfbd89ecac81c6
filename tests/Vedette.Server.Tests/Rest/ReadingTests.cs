using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text.Json;

namespace Vedette.Server.Tests.Rest;

public sealed class ReadingTests
{
    [Fact]
    public async Task AuditTrail_IsReadAsTheFieldReadsIt()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var first = await site.Client.NewEvent();
        var second = await site.Client.NewEvent();
        await admin.Post($"/rest/container/{second}", """{"name":"=cmd|' /C calc'!A0"}""");

        var all = await admin.Read("/rest/audit");
        var newest = await admin.Read("/rest/audit?sort=desc");
        var both = await admin.Read($"/rest/audit?format=json&container={first}%1E{second}");
        var mine = await admin.Read($"/rest/container/{second}/audit");
        var byAdmin = await admin.Read($"/rest/audit?user=admin&container={second}");
        var csv = (await admin.Ask("GET", $"/rest/audit?format=csv&container={second}")).Text.Split('\n');

        Assert.Equal(JsonValueKind.Array, all.ValueKind);
        Assert.True(all[0].GetProperty("AUDIT ID").GetInt64() < newest[0].GetProperty("AUDIT ID").GetInt64());
        Assert.Equal([first, second, second], both.EnumerateArray().Select(row => row.GetProperty("OBJECT ID").GetInt64()));
        Assert.Equal(["created", "changed"], mine.EnumerateArray().Select(row => row.GetProperty("ACTION").GetString()));
        Assert.Equal("admin", Assert.Single(byAdmin.EnumerateArray()).GetProperty("USER").GetString());
        Assert.Equal(1, byAdmin[0].GetProperty("USER ID").GetInt64());
        Assert.StartsWith("AUDIT ID,USER ID,USER,TIME,IP ADDRESS,OBJECT TYPE", csv[0], StringComparison.Ordinal);
        Assert.Equal(4, csv.Length);
        Assert.Empty((await admin.Read("/rest/audit?end=2001-01-01&start=2000-01-01")).EnumerateArray());
        Assert.All((await admin.Read("/rest/ph_user/1/audit")).EnumerateArray(), row => Assert.Equal(1, row.GetProperty("USER ID").GetInt64()));
        Assert.Contains("does not have permission", (await site.Client.Ask("GET", "/rest/audit")).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportedPlaybook_IsTakenInAgain()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var playbook = (await site.Client.Read("/rest/playbook?_filter_active=true")).GetProperty("data")[0];
        var name = playbook.GetProperty("name").GetString()!;

        var archive = await site.Client.Ask("GET", $"/rest/playbook/{playbook.GetProperty("id").GetInt64()}/export");
        var files = new Dictionary<string, string>();
        using (var tar = new TarReader(new GZipStream(new MemoryStream(archive.Content), CompressionMode.Decompress)))
        {
            while (tar.GetNextEntry() is { } entry)
            {
                using var reader = new StreamReader(entry.DataStream!);
                files[entry.Name] = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal([$"{name}.json", $"{name}.py"], files.Keys.Order());
        Assert.Contains("def on_start", files[$"{name}.py"], StringComparison.Ordinal);
        var body = $$"""{"playbook":"{{Convert.ToBase64String(archive.Content)}}","scm":"local","force":true}""";
        var copy = await admin.Made("/rest/import_playbook", body);
        Assert.Equal(playbook.GetProperty("labels").GetRawText(), (await site.Client.Read($"/rest/playbook/{copy}")).GetProperty("labels").GetRawText());
        Assert.Equal("playbook item not found", (await site.Client.Ask("GET", "/rest/playbook/999/export")).Refused(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Run_SaysWhatItDidAndOnWhich()
    {
        await using var site = await Site.Open();
        var container = await site.SendAlert();
        var run = await site.RunEnded(container);

        var record = await site.Client.Read($"/rest/playbook_run/{run.Id}");
        var message = JsonDocument.Parse(record.GetProperty("message").GetString()!).RootElement;
        var ticket = message.GetProperty("result").EnumerateArray().Single(action => action.GetProperty("action").GetString() == "create ticket");
        var appRun = Assert.Single(ticket.GetProperty("app_runs").EnumerateArray());

        Assert.Equal("success", message.GetProperty("status").GetString());
        Assert.Equal("success", ticket.GetProperty("status").GetString());
        Assert.Equal("success", appRun.GetProperty("status").GetString());
        Assert.False(string.IsNullOrEmpty(appRun.GetProperty("app").GetString()));
        Assert.False(string.IsNullOrEmpty(appRun.GetProperty("asset").GetString()));
        Assert.Equal(JsonValueKind.Object, appRun.GetProperty("parameter").ValueKind);
        Assert.Equal("new", record.GetProperty("misc").GetProperty("scope").GetString());
        Assert.Equal(
            (await site.Client.Ids($"/rest/container/{container}/artifacts")).Order(),
            record.GetProperty("misc").GetProperty("scope_artifact_ids").EnumerateArray().Select(id => id.GetInt64()).Order());
    }

    [Fact]
    public async Task AppRun_HasALog()
    {
        await using var site = await Site.Open();
        var container = await site.SendAlert();
        await site.RunEnded(container);
        var id = (await site.Client.Ids("/rest/app_run?_filter_action=\"create ticket\""))[0];

        var log = await site.Client.Read($"/rest/app_run/{id}/log");

        var lines = log.GetProperty("data").EnumerateArray().Select(line => line.GetProperty("message").GetString()!).ToList();
        Assert.Equal(log.GetProperty("count").GetInt64(), lines.Count);
        Assert.Contains("asked for", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("sent, attempt 1", StringComparison.Ordinal));
        Assert.Contains("success", lines[^1], StringComparison.Ordinal);
        Assert.Equal("app_run item not found", (await site.Client.Ask("GET", "/rest/app_run/99999/log")).Refused(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task CefMetadata_HasTheFieldsThatPlaybooksAskAbout()
    {
        await using var site = await Site.Open();

        var metadata = await site.Client.Read("/rest/cef_metadata");

        var cef = metadata.GetProperty("cef");
        Assert.True(cef.EnumerateObject().Count() >= 150);
        foreach (var (key, contains) in new[] { ("sourceAddress", "ip"), ("fileHashSha256", "sha256"), ("requestURL", "url"), ("destinationUserName", "user name"), ("oldFileHash", "hash"), ("smac", "mac address"), ("deviceProcessName", "process name") })
        {
            Assert.Equal(contains, Assert.Single(cef.GetProperty(key).GetProperty("contains").EnumerateArray()).GetString());
        }

        foreach (var key in new[] { "act", "cn3Label", "cs6Label", "deviceCustomDate2", "deviceCustomString6Label", "oldFileName", "transportProtocol", "emailId" })
        {
            Assert.True(cef.TryGetProperty(key, out _), key);
        }

        Assert.Contains(metadata.GetProperty("all_contains").EnumerateArray(), one => one.GetString() == "ip");
    }

    [Fact]
    public async Task CustomList_IsReadAsText()
    {
        await using var site = await Site.Open();
        await site.Client.Post("/rest/decided_list", """{"name":"my/list","content":[["a","b,c"],["=1","x"]]}""");

        Assert.Equal("a,\"b,c\"\n'=1,x", (await site.Client.Ask("GET", "/rest/decided_list/my%2Flist/formatted_content?_output_format=csv")).Text);
        Assert.Equal("a;b,c|'=1;x", (await site.Client.Ask("GET", "/rest/decided_list/my%2Flist/formatted_content?_output_format=csv&_fs=;&_rs=|")).Text);
        await site.Client.Read("/rest/decided_list/my%2Flist");
        (await site.Client.Ask("DELETE", "/rest/decided_list/my%2Flist")).Good();
        Assert.EndsWith("item not found", (await site.Client.Ask("GET", "/rest/decided_list/my%2Flist")).Refused(HttpStatusCode.NotFound), StringComparison.Ordinal);
    }
}

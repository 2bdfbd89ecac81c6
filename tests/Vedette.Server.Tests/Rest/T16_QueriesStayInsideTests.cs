using System.Net;
using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Server.Rest;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Tests.Rest;

public sealed class T16_QueriesStayInsideTests
{
    private static readonly string[] Roles = ["Administrator", "Automation", "Automation Engineer", "Asset Owner", "Incident Commander", "Observer", "Analyst"];

    /// <summary>
    /// Type by field by role: what is shown can be asked about by who may see the type; what is not shown can be asked about by nobody. Fields that
    /// have to be taken together fill one request, as one that is refused fails it; each that has to be refused has its own, by the administrator
    /// and by one other role, in turn.
    /// </summary>
    [Fact]
    public async Task T16_FilterSortAndTraverse_OnlyOverFieldsThatTheCallerMayRead()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var clients = new List<(string Role, HttpClient Client, HashSet<string> May)>();
        foreach (var role in Roles)
        {
            clients.Add((role, await site.Automation(admin, $"as-{role.Replace(' ', '-')}", role), await May(admin, role)));
        }

        var turn = 0;
        foreach (var route in site.Server.Routes.All.Where(route => route.Lists is not null && !route.Path.Contains('{', StringComparison.Ordinal)))
        {
            var (list, fields) = ($"/rest/{route.Path}?page_size=1", route.Lists!.Fields);
            var filters = string.Concat(fields.Select(field => $"&_filter_{field.Name}__isnull=false"));
            foreach (var (role, client, may) in clients)
            {
                var allowed = may.Contains($"{route.Needed}");
                await Answers(role, client, list + filters, allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
                var through = fields.Where(field => field.To is not null).ToLookup(field => may.Contains($"{RecordTypes.Find(field.To!)!.Needed}"));
                await Answers(role, client, list + string.Concat(through[true].Select(field => $"&_filter_{field.Name}__id__gte=0")), allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
                foreach (var field in through[false])
                {
                    await Answers(role, client, $"{list}&_filter_{field.Name}__id__gte=0", allowed ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden);
                }
            }

            foreach (var field in fields)
            {
                await Answers(clients[0].Role, clients[0].Client, $"{list}&sort={field.Name}", HttpStatusCode.OK);
            }

            var refused = Hidden(route.Lists).SelectMany(hidden => new[] { $"_filter_{hidden}__isnull=false", $"sort={hidden}" })
                .Concat(fields.Where(field => field.To is not null).SelectMany(field => Hidden(RecordTypes.Find(field.To!)!).Select(hidden => $"_filter_{field.Name}__{hidden}__startswith=\"a\"")));
            foreach (var query in refused)
            {
                foreach (var (role, client, may) in new[] { clients[0], clients[1 + (turn++ % (clients.Count - 1))] })
                {
                    await Answers(role, client, $"{list}&{query}", may.Contains($"{route.Needed}") ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden);
                }
            }
        }

        clients.ForEach(one => one.Client.Dispose());
    }

    [Fact]
    public async Task T16_SecretsHashesAndSettings_AreInNoRecord()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var hashes = (await site.Server.Store.Select<UserRow>(new Query(), TestContext.Current.CancellationToken)).Select(user => user.PasswordHash).OfType<string>();
        var sealedTexts = (await site.Server.Store.Select<AssetRow>(new Query(), TestContext.Current.CancellationToken)).SelectMany(asset => JsonDocument.Parse(asset.Secrets).RootElement.EnumerateObject().Select(secret => secret.Value.GetString()!));
        var tokens = (await site.Server.Store.Select<TokenRow>(new Query(), TestContext.Current.CancellationToken)).Select(token => token.Hash);
        string[] secrets = [.. hashes, .. sealedTexts, .. tokens, site.Token, site.Password];
        Assert.True(secrets.Length > 4);
        foreach (var route in site.Server.Routes.All.Where(route => route.Method == "GET"))
        {
            var answer = await admin.Ask("GET", Asking.Address(route.Path) + "?page_size=0&include_expensive&pretty");
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, answer.Text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task T16_PageSizeZero_IsBounded()
    {
        await using var site = await Site.Open();
        var ct = TestContext.Current.CancellationToken;
        var container = await site.Client.NewEvent();
        var unit = new Unit();
        for (var i = 0; i <= Records.Most; i++)
        {
            unit.Insert(new RunLogRow { Id = site.Server.Store.NextId<RunLogRow>(), RunId = 7, ContainerId = container, At = DateTimeOffset.UnixEpoch, Level = 2, Message = "" });
        }

        Assert.True((await site.Server.Store.Commit(unit, ct)).IsDone);

        Assert.Contains($"{Records.Most} are given at once", (await site.Client.Ask("GET", "/rest/playbook_run/7/log?page_size=0")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        var huge = await site.Client.Read("/rest/playbook_run/7/log?page_size=2000000000&page=1");
        Assert.Equal(1, huge.GetProperty("data").GetArrayLength());
        Assert.Equal(2, huge.GetProperty("num_pages").GetInt64());
    }

    [Theory]
    [InlineData("container", "name__regex", "'(a+)+$'", true)]
    [InlineData("container", "name__iregex", "'^(([a-z])+.)+[A-Z]([a-z])+$'", true)]
    [InlineData("app_run", "result_data__regex", "'(a|aa)+$'", true)]
    [InlineData("container", "name__regex", "'(?=a)b'", false)]
    [InlineData("container", "name__regex", "'(a)\\1'", false)]
    [InlineData("app_run", "result_data__regex", "'(?<!a)b'", false)]
    [InlineData("container", "name__regex", "'('", false)]
    public async Task T16_PatternRunsInLinearTimeOrIsRefused(string type, string filter, string pattern, bool runs)
    {
        await using var site = await Site.Open();
        await site.Client.Post("/rest/container", $$"""{"name":"{{new string('a', 200)}}!","label":"events"}""");

        var answer = await site.Client.Ask("GET", $"/rest/{type}?_filter_{filter}={Uri.EscapeDataString(pattern)}");

        // Linear time is a promise of NonBacktracking, the one engine in use: what it cannot run is refused.
        Assert.Equal(runs ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task T16_ReadOnlyFieldsOfAPostedRecord_AreIgnored()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var container = await site.SendAlert();
        var run = await site.RunEnded(container);
        var artifact = (await site.Client.Ids($"/rest/container/{container}/artifacts"))[0];
        foreach (var (path, changed) in new[]
        {
            ($"/rest/container/{container}", """{"hash":"f","id":99,"version":99,"create_time":"2001-01-01T00:00:00Z","artifact_count":99,"in_case":true,"closing_owner":1,"tenant":5,"owner_name":"eve","parent_container":1}"""),
            ($"/rest/artifact/{artifact}", """{"hash":"f","id":99,"container":1,"container_id":1,"owner":1,"owner_id":1,"playbook_run":7,"create_time":"2001-01-01T00:00:00Z","parent_artifact":3}"""),
            ($"/rest/playbook/{run.PlaybookId}", """{"run_as":1,"run_as_id":1,"effective_user":1,"name":"other","python":"import os","passed_validation":false,"latest_editor":1,"repository":"x"}"""),
            ("/rest/ph_user/2", """{"id":1,"username":"admin","type":"normal","password_hash":"x","must_change_password":true,"version":99}"""),
        })
        {
            var before = await admin.Read(path);
            await admin.Post(path, changed);
            Assert.Equal(before.GetRawText(), (await admin.Read(path)).GetRawText());
        }
    }

    private static async Task Answers(string role, HttpClient client, string path, HttpStatusCode expected)
    {
        var answer = await client.Ask("GET", path);
        Assert.True(answer.Status == expected, $"{role} {path}: {answer.Text}");
    }

    private static async Task<HashSet<string>> May(HttpClient admin, string role)
    {
        var record = (await admin.Read($"/rest/role?_filter_name=\"{Uri.EscapeDataString(role)}\"")).GetProperty("data")[0];
        return [.. record.GetProperty("permissions").EnumerateArray().Select(one => one.GetString()!)];
    }

    /// <summary>Columns of the row that no field shows, as they would be called; the row's own name for a shown one is hidden too.</summary>
    private static IEnumerable<string> Hidden(RecordType type) => type.Row.GetProperties().Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)).Where(name => type.Find(name) is null);
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Threats;

/// <summary>What the tests of threats do on a site: playbooks of their own, run as somebody, and what they left on record.</summary>
internal static class HostileSite
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static HttpClient As(this Site site, string user, string password)
    {
        var client = new HttpClient { BaseAddress = site.Server.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return client;
    }

    public static HttpClient AsAdmin(this Site site) => site.As("admin", site.Password);

    public static async Task<JsonElement> Said(this HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await client.SendAsync(request, Ct);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }

    public static async Task<long> NewEvent(this HttpClient client) =>
        (await client.Said(HttpMethod.Post, "/rest/container", new { name = "made by a test", label = "events" })).GetProperty("id").GetInt64();

    /// <summary>The body of an import of one playbook, with the <c>on_finish</c> that every one has.</summary>
    public static string Packed(string name, string source)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        using (var tar = new TarWriter(zip))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{name}.py") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(source + "\ndef on_finish(container, summary):\n    pass\n")) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{name}.json") { DataStream = new MemoryStream("""{"labels":["events"],"python_version":"3"}"""u8.ToArray()) });
        }

        return Convert.ToBase64String(packed.ToArray());
    }

    public static Task<JsonElement> Import(this HttpClient client, string name, string source) =>
        client.Said(HttpMethod.Post, "/rest/import_playbook", new { playbook = Packed(name, source), scm = "local", force = true });

    /// <summary>Imports a playbook, runs it on an event of its own as the client's user, and answers with the run once it has ended.</summary>
    public static async Task<PlaybookRunRow> RunPlaybook(this Site site, HttpClient client, string name, string source)
    {
        using var admin = site.AsAdmin();
        var imported = await admin.Import(name, source);
        Assert.True(imported.TryGetProperty("success", out _), imported.ToString());
        return await site.Run(client, await admin.NewEvent(), $"local/{name}");
    }

    public static async Task<PlaybookRunRow> Run(this Site site, HttpClient client, long container, string playbook)
    {
        var started = await client.Said(HttpMethod.Post, "/rest/playbook_run", new { container_id = container, playbook_id = playbook, scope = "all" });
        Assert.True(started.TryGetProperty("playbook_run_id", out var id), started.ToString());
        var run = long.Parse(id.GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        while (true)
        {
            if (await site.Server.Store.Find<PlaybookRunRow>(run, Ct) is { EndedAt: not null } ended)
            {
                return ended;
            }

            await Task.Yield();
        }
    }

    /// <summary>What the playbook saved as its output.</summary>
    public static JsonObject Output(this PlaybookRunRow run)
    {
        Assert.True(run.Status == "success", run.Message);
        return Assert.IsType<JsonObject>(Assert.Single(Assert.IsType<JsonArray>(JsonNode.Parse(run.Outputs))));
    }

    /// <summary>The rows of the record that say what this run was refused.</summary>
    public static async Task<IReadOnlyList<JsonObject>> Refusals(this Site site, PlaybookRunRow run)
    {
        var rows = await site.Server.Store.Select<AuditRow>(Query.For(Where.Is(nameof(AuditRow.Act), "refused") & Where.Is(nameof(AuditRow.ObjectId), run.Id)), Ct);
        return [.. rows.Select(row => (JsonObject)JsonNode.Parse(row.Content)!)];
    }

    /// <summary>A user with exactly these rights; the built-in roles have none that is so narrow.</summary>
    public static async Task<HttpClient> UserWith(this Site site, string name, params string[] rights)
    {
        var store = site.Server.Store;
        var unit = new Unit();
        unit.Insert(new RoleRow { Id = store.NextId<RoleRow>(), CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch, Name = $"role of {name}", Permissions = JsonSerializer.Serialize(rights) });
        Assert.True((await store.Commit(unit, Ct)).IsDone);
        using var admin = site.AsAdmin();
        // A change of a user has the server read roles anew as well.
        await admin.Said(HttpMethod.Post, "/rest/ph_user", new { username = $"{name}-first", type = "normal", password = site.Password, roles = new[] { "Observer" } });
        var made = await admin.Said(HttpMethod.Post, "/rest/ph_user", new { username = name, type = "normal", password = site.Password, roles = new[] { $"role of {name}" } });
        Assert.True(made.TryGetProperty("success", out _), made.ToString());
        return site.As(name, site.Password);
    }
}

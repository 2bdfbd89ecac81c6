using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Server.Tests.Repositories;

/// <summary>What the tests of repositories ask of a site, as its administrator.</summary>
internal static class Asking
{
    public static Task<Site> Open(OtherSide side) => Site.Open(setup: options => options with { RepositoryRoots = [side.Root] });

    public static async Task<long> AddRepository(this Site site, string uri, string name = "shared", string more = "")
    {
        var (status, body) = await site.PostAsAdmin("/rest/scm", $$"""{"name":"{{name}}","uri":"{{uri}}","branch":"main"{{more}}}""");
        Assert.True(status == 200, body.ToString());
        return body.GetProperty("id").GetInt64();
    }

    public static async Task<JsonElement> Pull(this Site site, long repository, bool force = false) => await site.Done($"/rest/scm/{repository}", $$"""{"pull":true,"force":{{(force ? "true" : "false")}}}""");

    public static async Task<JsonElement> Done(this Site site, string path, string json = "{}")
    {
        var (status, body) = await site.PostAsAdmin(path, json);
        Assert.True(status == 200, body.ToString());
        return body;
    }

    public static async Task<JsonElement> AsAdmin(this Site site, string path) => await site.Admin.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    public static async Task<JsonElement> Playbook(this Site site, string name, string repository = "shared") =>
        Assert.Single((await site.AsAdmin($"/rest/playbook?_filter_name=\"{name}\"&_filter_repository=\"{repository}\"")).GetProperty("data").EnumerateArray());

    public static async Task Activate(this Site site, string name) => await site.Done($"/rest/playbook/{(await site.Playbook(name)).GetProperty("id")}", """{"active":true}""");

    public static string Text(this JsonElement of, string key) => of.GetProperty(key).GetString()!;

    public static IReadOnlyList<string> Words(this JsonElement of, string key) => [.. of.GetProperty(key).EnumerateArray().Select(word => word.ValueKind == JsonValueKind.String ? word.GetString()! : word.GetProperty("name").GetString()!)];

    /// <summary>The source in force.</summary>
    public static async Task<string> Source(this Site site, string name, string repository = "shared")
    {
        var packed = await site.Admin.GetByteArrayAsync($"/rest/playbook/{(await site.Playbook(name, repository)).GetProperty("id")}/export", TestContext.Current.CancellationToken);
        await using var unzipped = new System.IO.Compression.GZipStream(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress);
        await using var tar = new System.Formats.Tar.TarReader(unzipped);
        while (await tar.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
        {
            if (entry.Name == $"{name}.py")
            {
                return await new StreamReader(entry.DataStream!).ReadToEndAsync(TestContext.Current.CancellationToken);
            }
        }

        throw new InvalidOperationException($"{name}.py is not in its export.");
    }

    public static async Task<(int Status, JsonElement Body)> Save(this Site site, string name, string source, string message, string scm, bool force = true) =>
        await site.PostAsAdmin("/rest/import_playbook", new JsonObject { ["playbook"] = await PlaybookArchive.Pack(name, source), ["scm"] = scm, ["force"] = force, ["message"] = message }.ToJsonString());
}

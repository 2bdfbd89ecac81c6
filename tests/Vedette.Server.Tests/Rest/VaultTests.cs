using System.Net;
using System.Security.Cryptography;
using System.Text;
using Vedette.Engine.Storage;
using Path = System.IO.Path;

namespace Vedette.Server.Tests.Rest;

/// <summary>Files of events over REST, and what is on disk for them.</summary>
public sealed class VaultTests
{
    [Fact]
    public async Task FileInBase64_IsStoredOnceAndGivenBackAsAnAttachment()
    {
        await using var site = await Site.Open();
        var (first, second) = (await site.Client.NewEvent(), await site.Client.NewEvent());
        var sha1 = "1d6e1cf70ec6f9ab28d3ea4b27a49a77654d370e";

        var answer = await site.Client.Post("/rest/container_attachment", Body(first, "a.eml", "mail", ""","metadata":{"contains":["vault id"]}"""));
        var again = await site.Client.Post("/rest/container_attachment", Body(second, "b.eml", "mail"));

        Assert.True(answer.GetProperty("succeeded").GetBoolean());
        Assert.Equal((sha1, sha1, 4), (answer.GetProperty("vault_id").GetString(), again.GetProperty("hash").GetString(), answer.GetProperty("size").GetInt32()));
        Assert.Single(Stored(site));
        var listed = (await site.Client.Read($"/rest/container_attachment?_filter_vault_document__hash=\"{sha1}\"&pretty&sort=id&order=asc")).GetProperty("data");
        Assert.Equal(2, listed.GetArrayLength());
        Assert.Equal((sha1, 4), (listed[0].GetProperty("_pretty_vault_id").GetString(), listed[0].GetProperty("_pretty_size").GetInt32()));
        Assert.Equal(["a.eml", "b.eml"], listed[0].GetProperty("_pretty_aka").EnumerateArray().Select(name => name.GetString()));
        var document = await site.Client.Read($"/rest/vault_document/{listed[0].GetProperty("vault_document")}");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("mail"u8)), document.GetProperty("meta").GetProperty("sha256").GetString());

        using var got = await site.Client.GetAsync($"/rest/download_attachment?vault_id={sha1}", TestContext.Current.CancellationToken);
        Assert.Equal("mail", await got.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("attachment", got.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("application/octet-stream", got.Content.Headers.ContentType!.MediaType);
        Assert.Equal("mail", (await site.Client.Ask("GET", $"/rest/download_attachment?id={answer.GetProperty("id")}")).Text);
    }

    [Fact]
    public async Task ContentGoesWithItsLastAttachment()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var (first, second) = (await site.Client.NewEvent(), await site.Client.NewEvent());
        var one = await site.Client.Made("/rest/container_attachment", Body(first, "x", "same"));
        await site.Client.Made("/rest/container_attachment", Body(second, "x", "same"));

        (await site.Client.Ask("DELETE", $"/rest/container_attachment/{one}")).Refused(HttpStatusCode.Forbidden);
        (await admin.Ask("DELETE", $"/rest/container_attachment/{one}")).Good();
        Assert.Single(Stored(site));
        (await admin.Ask("DELETE", $"/rest/container/{second}")).Good();

        Assert.Empty(Stored(site));
        Assert.Equal(0, (await admin.Read("/rest/vault_document")).GetProperty("count").GetInt64());
        (await admin.Ask("GET", "/rest/download_attachment?vault_id=ff3390557335ba88d37755e41514beb03bc499ec")).Refused(HttpStatusCode.NotFound);
        var third = await site.Client.Made("/rest/container_attachment", Body(first, "x", "same"));
        Assert.Equal("same", (await site.Client.Ask("GET", $"/rest/download_attachment?id={third}")).Text);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..\\\\..\\\\boot.ini", "boot.ini")]
    [InlineData("CON", "CON")]
    [InlineData("..", null)]
    [InlineData("a\\\"b\\u0007.svg", "ab.svg")]
    public async Task T29_NameIsNeverAPath(string given, string? shown)
    {
        await using var site = await Site.Open();

        var made = await site.Client.Post("/rest/container_attachment", Body(await site.Client.NewEvent(), given, "<svg/>"));

        Assert.Equal(shown ?? made.GetProperty("hash").GetString(), (await site.Client.Read($"/rest/container_attachment/{made.GetProperty("id")}")).GetProperty("name").GetString());
        var file = Assert.Single(Stored(site));
        Assert.StartsWith(Path.Combine(site.Folder, "vault", made.GetProperty("hash").GetString()![..2]), file, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task WhatIsRefused_LeavesNoContent()
    {
        await using var site = await Site.Open();

        (await site.Client.Ask("POST", "/rest/container_attachment", Body(4711, "x", "lost"))).Refused(HttpStatusCode.NotFound);
        (await site.Client.Ask("POST", "/rest/container_attachment", $$"""{"container_id":{{await site.Client.NewEvent()}},"file_content":"!"}""")).Refused(HttpStatusCode.BadRequest);
        (await site.Client.Ask("POST", "/rest/container_attachment", Body(1, new string('n', 1001), "lost"))).Refused(HttpStatusCode.RequestEntityTooLarge);

        Assert.Empty(Stored(site));
    }

    [Fact]
    public async Task ContentThatWasNeverAttached_IsRemovedAtTheNextStart()
    {
        await using var site = await Site.Open();
        var id = await site.Client.Made("/rest/container_attachment", Body(await site.Client.NewEvent(), "x", "kept"));
        var kept = Assert.Single(Stored(site));
        await site.Server.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "vault", "unfinished", "half"), "ha", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(kept + "0", "whole and never named", TestContext.Current.CancellationToken);

        await site.StartServer();

        Assert.Equal([kept], Stored(site));
        Assert.Equal("kept", (await site.Client.Ask("GET", $"/rest/download_attachment?id={id}")).Text);
    }

    [Fact]
    public async Task ContentThatAScannerTook_IsSaidAndTheRestGoesOn()
    {
        await using var site = await Site.Open();
        var id = await site.Client.Made("/rest/container_attachment", Body(await site.Client.NewEvent(), "x", "taken"));
        File.Delete(Assert.Single(Stored(site)));

        (await site.Client.Ask("GET", $"/rest/download_attachment?id={id}")).Refused(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("x", (await site.Client.Read($"/rest/container_attachment/{id}")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task SameContentAtTheSameMoment_IsOneDocumentWithAllAttachments()
    {
        await using var site = await Site.Open();
        var container = await site.Client.NewEvent();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(at => site.Client.Made("/rest/container_attachment", Body(container, $"n{at}", "together"))));

        Assert.Single(Stored(site));
        var document = Assert.Single(await site.Server.Store.Select<VaultDocumentRow>(Query.For(Where.All), TestContext.Current.CancellationToken));
        Assert.Equal(6, document.Attachments);
    }

    private static string Body(long container, string name, string content, string more = "") =>
        $$"""{"container_id":{{container}},"file_name":"{{name}}","file_content":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(content))}}"{{more}}}""";

    private static string[] Stored(Site site) => [.. Directory.EnumerateFiles(Path.Combine(site.Folder, "vault"), "*", SearchOption.AllDirectories)];
}

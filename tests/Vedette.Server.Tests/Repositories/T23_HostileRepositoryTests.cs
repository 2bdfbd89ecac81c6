using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Vedette.Server.Tests.Repositories;

/// <summary>T23: what comes out of a repository or an archive is data, whatever it is called and wherever it points.</summary>
public sealed class T23_HostileRepositoryTests
{
    [Theory]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("-u")]
    [InlineData("ext::sh -c touch% /tmp/x")]
    [InlineData("ssh://-oProxyCommand=touch/x")]
    [InlineData("ssh://git@-host/x")]
    [InlineData("ssh://-oX@host/x")]
    [InlineData("https://host/-x")]
    [InlineData("https://user:word@host/x.git")]
    [InlineData("http://git.example/x.git")]
    [InlineData("git://host/x.git")]
    [InlineData("file://host/x")]
    [InlineData("/etc")]
    [InlineData("file:///etc/../etc")]
    [InlineData("https://host/x.git?y")]
    [InlineData("fd::17")]
    public async Task T23_AddressThatIsNone_IsRefused(string address)
    {
        await using var site = await Site.Open();

        var (status, body) = await site.PostAsAdmin("/rest/scm", JsonSerializer.Serialize(new { name = "bad", uri = address }));

        Assert.True(status is 400 or 403, body.ToString());
        Assert.Equal(2, (await site.AsAdmin("/rest/scm")).GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("--force")]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData("x:refs/heads/y")]
    [InlineData("x.lock")]
    public async Task T23_BranchThatIsNone_IsRefused(string branch)
    {
        await using var site = await Site.Open();

        Assert.Equal(400, (await site.PostAsAdmin("/rest/scm", JsonSerializer.Serialize(new { name = "bad", uri = "https://git.example/x.git", branch }))).Status);
    }

    [Fact]
    public async Task T23_FolderUnderARootThatIsALinkOut_IsRefused()
    {
        using var side = OtherSide.Make();
        using var outside = OtherSide.Make();
        outside.Put("triage", OtherSide.Harmless);
        outside.Commit();
        File.CreateSymbolicLink(Path.Combine(side.Root, "link.git"), outside.Bare);
        await using var site = await Asking.Open(side);

        var (status, body) = await site.PostAsAdmin("/rest/scm", JsonSerializer.Serialize(new { name = "bad", uri = $"file://{side.Root}/link.git" }));

        Assert.Equal((403, "outside_roots"), (status, body.Text("code")));
    }

    [Fact]
    public async Task T23_LinksSubmodulesPointersAndLargeFiles_AreLeftOutAndNamed()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        File.CreateSymbolicLink(side.InWork("inside.py"), "triage.py");
        File.CreateSymbolicLink(side.InWork("inside.json"), "./triage.json");
        File.CreateSymbolicLink(side.InWork("leads_out.py"), "../../../../etc/passwd");
        File.CreateSymbolicLink(side.InWork("absolute.py"), "/etc/passwd");
        File.CreateSymbolicLink(side.InWork("round.py"), "round.py");
        side.Put("pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        side.Put("large", "#" + new string('x', 5 << 20));
        side.Put("no_json", OtherSide.Harmless);
        File.Delete(side.InWork("no_json.json"));
        side.Put("bad_json", OtherSide.Harmless, "{");
        var commit = side.Commit();
        side.InWorkFolder("update-index", "--add", "--cacheinfo", $"160000,{commit},more");
        side.InWorkFolder("commit", "--quiet", "--message", "Submodule");
        side.InWorkFolder("push", "--quiet", "origin", "HEAD:main");
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");

        var pulled = await site.Pull(shared);

        Assert.Equal(["inside", "triage"], pulled.Words("taken").Order(StringComparer.Ordinal));
        var notes = pulled.Words("notes");
        foreach (var (name, word) in new[] { ("leads_out.py", "leads out"), ("absolute.py", "leads out"), ("round.py", "nowhere"), ("pointer.py", "Git LFS"), ("large.py", "at most"), ("no_json.py", "beside it"), ("bad_json.json", "no JSON"), ("more", "submodule") })
        {
            Assert.Contains(notes, note => note.Contains(name, StringComparison.Ordinal) && note.Contains(word, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task T23_HooksAndSettingsOfBothSides_AreNotRun()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        var mark = Path.Combine(side.Root, "mark");
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        // Somebody who could write the folder here: no call of ours runs what lies in it.
        var hooks = Path.Combine(site.Folder, "repositories", $"{shared}.git", "hooks");
        Directory.CreateDirectory(hooks);
        foreach (var name in new[] { "reference-transaction", "post-update", "pre-push", "post-merge", "update" })
        {
            await File.WriteAllTextAsync(Path.Combine(hooks, name), $"#!/bin/sh\ntouch {mark}\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(Path.Combine(hooks, name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await site.Save("triage", OtherSide.Harmless.Replace("looks", "ours", StringComparison.Ordinal), "Ours", "shared");
        await site.Pull(shared);
        await site.Done($"/rest/scm/{shared}/push");

        Assert.False(File.Exists(mark));
    }

    [Theory]
    [InlineData("../triage.py")]
    [InlineData("/triage.py")]
    [InlineData("a/../../triage.py")]
    public async Task T23_ArchiveWithAPathThatLeadsOut_IsRefused(string name)
    {
        await using var site = await Site.Open();

        var (status, body) = await site.PostAsAdmin("/rest/import_playbook", JsonSerializer.Serialize(new { playbook = await Archive(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(OtherSide.Harmless)) }) }));

        Assert.Equal(400, status);
        Assert.Contains("leads out", body.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public async Task T23_ArchiveWithALink_IsRefused(TarEntryType kind)
    {
        await using var site = await Site.Open();

        var (status, body) = await site.PostAsAdmin("/rest/import_playbook", JsonSerializer.Serialize(new { playbook = await Archive(new PaxTarEntry(kind, "triage.py") { LinkName = "/etc/passwd" }) }));

        Assert.Equal(400, status);
        Assert.Contains("a link", body.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T23_ArchiveThatUnpacksWithoutEnd_IsRefused()
    {
        await using var site = await Site.Open();
        var parts = Enumerable.Range(0, 12).Select(at => (TarEntry)new PaxTarEntry(TarEntryType.RegularFile, $"p{at}.py") { DataStream = new MemoryStream(new byte[7 << 20]) }).ToArray();

        Assert.Equal(400, (await site.PostAsAdmin("/rest/import_playbook", JsonSerializer.Serialize(new { playbook = await Archive(parts) }))).Status);
    }

    [Fact]
    public async Task T08_AutomationToken_NeitherPullsNorAddsNorTakes()
    {
        await using var site = await Site.Open();

        foreach (var (path, body) in new[] { ("/rest/scm", """{"name":"x"}"""), ("/rest/scm/1", """{"pull":true}"""), ("/rest/scm/1/pull", "{}"), ("/rest/scm/1/push", "{}"), ("/rest/scm/1/take", "{}"), ("/rest/scm/1/rollback", """{"playbook":"x"}""") })
        {
            Assert.Equal(403, (await site.Post(path, body)).Status);
        }
    }

    private static async Task<string> Archive(params TarEntry[] entries)
    {
        using var packed = new MemoryStream();
        await using (var zipped = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        await using (var tar = new TarWriter(zipped))
        {
            foreach (var entry in entries)
            {
                await tar.WriteEntryAsync(entry, TestContext.Current.CancellationToken);
            }
        }

        return Convert.ToBase64String(packed.ToArray());
    }
}

using Vedette.Engine.Storage;
using Path = System.IO.Path;

namespace Vedette.Server.Tests.Repositories;

/// <summary>Edits are commits; what two sides did is put together, and nothing of it is lost.</summary>
public sealed class EditTests
{
    [Fact]
    public async Task Imported_IsACommitWithAuthorAndMessage()
    {
        await using var site = await Site.Open();

        var (status, body) = await site.Save("triage", OtherSide.Harmless, "Look twice", "local");

        Assert.True(status == 200, body.ToString());
        var log = (await site.AsAdmin("/rest/scm/1/log?playbook=triage")).GetProperty("data");
        Assert.Equal(("admin", "Look twice", (await site.Playbook("triage", "local")).Text("commit")), (log[0].Text("author"), log[0].Text("subject"), log[0].Text("commit")));
    }

    [Fact]
    public async Task ReadOnlyRepository_TakesNoEdit()
    {
        await using var site = await Site.Open();

        var (status, body) = await site.Save("triage", OtherSide.Harmless, "", "community");

        Assert.Equal((403, "read_only"), (status, body.Text("code")));
    }

    [Fact]
    public async Task SavedAndPushed_TheOtherSideHasIt()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        await site.Save("triage", OtherSide.Harmless.Replace("looks", "ours", StringComparison.Ordinal), "Ours", "shared");

        var pushed = await site.Done($"/rest/scm/{shared}/push");

        Assert.Equal(pushed.Text("commit"), side.InBare("rev-parse", "main").Trim());
        Assert.Contains("ours", side.InBare("show", "main:triage.py"), StringComparison.Ordinal);
        Assert.Equal("admin", side.InBare("log", "-1", "--format=%an", "main").Trim());
    }

    [Fact]
    public async Task SomebodyWasFaster_BothAreKept_AndMergedWhereTheyTouchDifferentBlocks()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        side.Put("triage", OtherSide.Harmless.Replace("looks", "theirs", StringComparison.Ordinal));
        var theirs = side.Commit("Theirs");
        await site.Save("triage", OtherSide.Harmless.Replace("    return\n", "    phantom.debug('ours')\n", StringComparison.Ordinal), "Ours", "shared");

        var (status, refused) = await site.PostAsAdmin($"/rest/scm/{shared}/push", "{}");

        Assert.Equal((409, "push_refused"), (status, refused.Text("code")));
        Assert.Equal(theirs, side.InBare("rev-parse", "main").Trim());
        Assert.Contains("1 commits here", (await site.Pull(shared)).Text("message"), StringComparison.Ordinal);
        Assert.Equal("diverged", (await site.AsAdmin($"/rest/scm/{shared}")).Text("status"));

        // The metadata of an import is its own, so the sides differ there too: ours are said to count.
        var merged = await site.PostAsAdmin($"/rest/scm/{shared}/merge", """{"choices":{"triage.json":"ours"}}""");

        Assert.True(merged.Status == 200, merged.Body.ToString());
        await site.Done($"/rest/scm/{shared}/push");
        var together = side.InBare("show", "main:triage.py");
        Assert.Contains("ours", together, StringComparison.Ordinal);
        Assert.Contains("theirs", together, StringComparison.Ordinal);
        Assert.Equal(together, await site.Source("triage"));
    }

    [Theory]
    [InlineData("ours")]
    [InlineData("theirs")]
    public async Task BothChangedTheSameLine_APersonChooses(string word)
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        side.Put("triage", OtherSide.Harmless.Replace("looks", "theirs", StringComparison.Ordinal));
        side.Commit("Theirs");
        await site.Save("triage", OtherSide.Harmless.Replace("looks", "ours", StringComparison.Ordinal), "Ours", "shared");
        await site.Pull(shared);

        var (status, refused) = await site.PostAsAdmin($"/rest/scm/{shared}/merge", "{}");

        Assert.Equal((409, "same_lines"), (status, refused.Text("code")));
        Assert.Contains("triage.py", refused.Text("message"), StringComparison.Ordinal);
        await site.Done($"/rest/scm/{shared}/merge", "{\"choices\":{\"triage\":\"" + word + "\"}}");
        await site.Done($"/rest/scm/{shared}/push");
        Assert.Contains($"'{word}'", side.InBare("show", "main:triage.py"), StringComparison.Ordinal);
        Assert.Contains($"'{word}'", await site.Source("triage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SavedAtTheSameMoment_EveryEditIsInTheHistory()
    {
        await using var site = await Site.Open();

        var saved = await Task.WhenAll(Enumerable.Range(0, 6).Select(at => site.Save($"p{at}", OtherSide.Harmless, $"Save p{at}", "local")));

        Assert.All(saved, one => Assert.True(one.Status == 200, one.Body.ToString()));
        var log = (await site.AsAdmin("/rest/scm/1/log")).GetProperty("data").EnumerateArray().Select(one => one.Text("subject")).ToList();
        Assert.Superset(Enumerable.Range(0, 6).Select(at => $"Save p{at}").ToHashSet(), log.ToHashSet());
    }

    [Fact]
    public async Task FolderOfRepositoriesLost_PlaybooksGoOn_AndItIsSaid()
    {
        await using var site = await Site.Open();
        await site.Save("triage", OtherSide.Harmless, "Before", "local");
        await site.Server.DisposeAsync();
        Directory.Delete(Path.Combine(site.Folder, "repositories"), recursive: true);

        await site.StartServer();

        Assert.Contains("looks", await site.Source("triage", "local"), StringComparison.Ordinal);
        Assert.Contains("lost", (await site.AsAdmin("/rest/scm/1")).Text("message"), StringComparison.Ordinal);
        Assert.Equal(200, (await site.Save("triage", OtherSide.Harmless.Replace("looks", "goes on", StringComparison.Ordinal), "After", "local")).Status);
    }

    [Fact]
    public async Task Promoted_TheEnvironmentsBranchIsAtTheCommit_AndTheReportIsOnRecord()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        var commit = side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);

        await site.Done($"/rest/scm/{shared}/promote", """{"to":"production","report":"4 passed, 0 failed"}""");

        Assert.Equal(commit, side.InBare("rev-parse", "production").Trim());
        Assert.Contains(await site.Server.Store.Select<AuditRow>(Query.For(Where.Is(nameof(AuditRow.Act), "promoted")), TestContext.Current.CancellationToken), row => row.Content.Contains("4 passed, 0 failed", StringComparison.Ordinal) && row.Content.Contains(commit, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExportedWithWhatItCalls_IsImportedWhole()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless.Replace("phantom.debug('first')", "phantom.custom_function(custom_function='shared/count_words', parameters=[{}], name='counted')\n    phantom.playbook('shared/child', container=container)", StringComparison.Ordinal));
        side.Put("child", OtherSide.Harmless);
        side.Put("count_words", "def count_words(**kwargs):\n    return 1\n", """{"custom_function_id":"1"}""", "custom_functions");
        side.Commit();
        await using var site = await Asking.Open(side);
        await site.Pull(await site.AddRepository($"file://{side.Bare}"));
        var packed = await site.Admin.GetByteArrayAsync($"/rest/playbook/{(await site.Playbook("triage")).GetProperty("id")}/export?include_called", TestContext.Current.CancellationToken);

        var imported = await site.Done("/rest/import_playbook", $$"""{"playbook":"{{Convert.ToBase64String(packed)}}"}""");

        Assert.Contains("with 2 that it calls", imported.Text("message"), StringComparison.Ordinal);
        Assert.Equal("custom_functions/count_words.py", (await site.Playbook("count_words", "local")).Text("path"));
        Assert.Equal((await site.Playbook("triage", "local")).GetProperty("id").GetInt64(), imported.GetProperty("id").GetInt64());
    }
}

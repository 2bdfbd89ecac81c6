using System.Net;
using System.Text.Json;

namespace Vedette.Server.Tests.Repositories;

/// <summary>Other sides that are slow, cut off, too large, gone, or take no credentials: each is told in a sentence, and the last state goes on.</summary>
public sealed class BadOtherSideTests
{
    [Fact]
    public async Task T13_CredentialsGoToTheHostTheyWereEnteredFor_AndAreShownToNobody()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var http = await HttpSide.Serve(side.Root);
        http.Credentials = "vedette:a-token-of-ours";
        await using var site = await Site.Open();
        var shared = await site.AddRepository($"{http.Url}/playbooks.git", more: ",\"username\":\"vedette\",\"password\":\"a-token-of-ours\"");

        Assert.Equal(["triage"], (await site.Pull(shared)).Words("taken"));

        var shown = await site.AsAdmin($"/rest/scm/{shared}");
        Assert.True(shown.GetProperty("has_password").GetBoolean());
        Assert.DoesNotContain("a-token-of-ours", shown.GetRawText() + (await site.AsAdmin("/rest/audit?administration")).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(site.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("vedette.lock", StringComparison.Ordinal)), file => File.ReadAllText(file).Contains("a-token-of-ours", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"username\":\"vedette\",\"password\":\"wrong\"")]
    public async Task WrongCredentials_AreSaid(string more)
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var http = await HttpSide.Serve(side.Root);
        http.Credentials = "vedette:right";
        await using var site = await Site.Open();
        var shared = await site.AddRepository($"{http.Url}/playbooks.git", more: more);

        var (status, body) = await site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}");

        Assert.Equal((400, "credentials_refused"), (status, body.Text("code")));
        Assert.Equal("failed", (await site.AsAdmin($"/rest/scm/{shared}")).Text("status"));
    }

    [Fact]
    public async Task T10_AddressChanged_SecretMustBeEnteredAgain()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var http = await HttpSide.Serve(side.Root);
        await using var false_ = await HttpSide.Serve(side.Root);
        await using var site = await Site.Open();
        var shared = await site.AddRepository($"{http.Url}/playbooks.git", more: ",\"username\":\"vedette\",\"password\":\"secret\"");

        await site.Done($"/rest/scm/{shared}", $$"""{"uri":"{{false_.Url}}/playbooks.git"}""");
        await site.Pull(shared);

        Assert.False((await site.AsAdmin($"/rest/scm/{shared}")).GetProperty("has_password").GetBoolean());
        Assert.All(false_.Shown, credentials => Assert.Equal("", credentials));
    }

    [Fact]
    public async Task T11_SentElsewhere_IsNotFollowed()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var other = await HttpSide.Serve(side.Root);
        await using var http = await HttpSide.Serve(side.Root);
        http.ElseWhere = other.Url;
        await using var site = await Site.Open();
        var shared = await site.AddRepository($"{http.Url}/playbooks.git", more: ",\"username\":\"vedette\",\"password\":\"secret\"");

        var (status, _) = await site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}");

        Assert.Equal(503, status);
        Assert.Empty(other.Shown);
    }

    [Fact]
    public async Task CutOffInTheMiddle_TheLastStateGoesOn_AndTheNextPullIsWhole()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var http = await HttpSide.Serve(side.Root);
        await using var site = await Site.Open();
        var shared = await site.AddRepository($"{http.Url}/playbooks.git");
        await site.Pull(shared);
        side.Put("triage", OtherSide.Harmless.Replace("looks", "later", StringComparison.Ordinal));
        side.Commit();
        http.CutAfter = 200;

        var (status, body) = await site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}");

        Assert.Equal((503, "remote_failed"), (status, body.Text("code")));
        Assert.DoesNotContain("later", await site.Source("triage"), StringComparison.Ordinal);
        http.CutAfter = null;
        await site.Pull(shared);
        Assert.Contains("later", await site.Source("triage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooSlow_IsGivenUpAtItsDeadline()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var http = await HttpSide.Serve(side.Root);
        http.Stalls = true;
        await using var site = await Site.Open(setup: options => options with { PullDeadline = TimeSpan.FromSeconds(1) });
        var shared = await site.AddRepository($"{http.Url}/playbooks.git");

        var (status, body) = await site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}");

        Assert.Equal((503, "remote_too_slow"), (status, body.Text("code")));
    }

    [Fact]
    public async Task Vanished_TheLastStateGoesOn()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        var commit = side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        await site.Activate("triage");
        Directory.Delete(side.Bare, recursive: true);

        var (status, body) = await site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}");

        Assert.Equal((404, "no_folder"), (status, body.Text("code")));
        Assert.Contains("The last state goes on", body.Text("message"), StringComparison.Ordinal);
        Assert.Equal((commit, true), ((await site.Playbook("triage")).Text("commit"), (await site.Playbook("triage")).GetProperty("active").GetBoolean()));
    }

    [Fact]
    public async Task BranchThatIsNotThere_IsSaid()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Done($"/rest/scm/{shared}", """{"branch":"none"}""");

        var (status, body) = await site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}");

        Assert.Equal((404, "no_branch"), (status, body.Text("code")));
    }

    [Fact]
    public async Task ServerKilledInTheMiddleOfAClone_TheNextPullIsWhole()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var http = await HttpSide.Serve(side.Root);
        http.Stalls = true;
        await using var site = await Site.Open();
        var shared = await site.AddRepository($"{http.Url}/playbooks.git");
        var folder = Path.Combine(site.Folder, "repositories", $"{shared}.git");
        var cut = site.PostAsAdmin($"/rest/scm/{shared}/pull", "{}").ContinueWith(_ => { }, TaskScheduler.Default);
        await http.Begun.Task;

        // As a kill leaves it: a folder with half a pack in it, and another that never got its name.
        Directory.CreateDirectory(Path.Combine(folder, "objects", "pack"));
        await File.WriteAllTextAsync(Path.Combine(folder, "objects", "pack", "tmp_pack_1"), "half", TestContext.Current.CancellationToken);
        Directory.CreateDirectory($"{folder}.unfinished");
        await site.Server.DisposeAsync();
        await cut;
        http.Stalls = false;
        await site.StartServer();

        Assert.Equal(["triage"], (await site.Pull(shared)).Words("taken"));
    }

    [Fact]
    public async Task PulledByManyAtOnce_EachIsAnswered_AndThePlaybookIsTakenOnce()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        var commit = side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");

        var pulled = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => site.Pull(shared)));

        Assert.All(pulled, one => Assert.Equal(commit, one.Text("commit")));
        Assert.Single(pulled, one => one.Words("taken").Count == 1);
    }
}

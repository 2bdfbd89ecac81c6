using System.Diagnostics;

namespace Vedette.Program.Tests;

/// <summary><c>vedette repo</c> against a server that runs and a real repository.</summary>
public sealed class RepositoryTests : ProgramTest
{
    private const string Sound = "import phantom.rules as phantom\n\n\ndef on_start(container):\n    phantom.debug('first')\n\n\ndef on_finish(container, summary):\n    return\n";

    [Fact]
    public async Task AddedPulledTakenRolledBackAndPushed()
    {
        var other = Beside("other");
        Git(".", "init", "--quiet", "--bare", "--initial-branch=main", other);
        Git(".", "clone", "--quiet", other, Beside("work"));
        Commit(Sound, "First");
        await using var server = await Serve("--repository-root", Path.GetDirectoryName(other)!);

        Assert.Contains("is there", (await AsAdmin("repo", "add", "shared", $"file://{other}")).Said, StringComparison.Ordinal);
        Assert.Contains("triage counts", (await AsAdmin("repo", "pull", "shared")).Said, StringComparison.Ordinal);
        using (var admin = Admin(server.Url))
        {
            var id = (await Json(admin, "/rest/playbook?_filter_name=\"triage\"")).GetProperty("data")[0].GetProperty("id").GetInt64();
            using var body = new StringContent("""{"active":true}""");
            (await admin.PostAsync($"/rest/playbook/{id}", body, Ct)).EnsureSuccessStatusCode();
        }

        Commit(Sound.Replace("first", "second", StringComparison.Ordinal), "Second");
        Assert.Contains("triage waits: it is live", (await AsAdmin("repo", "pull", "shared")).Said, StringComparison.Ordinal);
        Assert.Matches("triage: live at [0-9a-f]{10}, [0-9a-f]{10} waits", (await AsAdmin("repo", "status", "shared")).Said);
        Assert.Contains("changed  on_start", (await AsAdmin("repo", "diff", "shared")).Said, StringComparison.Ordinal);
        Assert.Contains("triage counts", (await AsAdmin("repo", "take", "shared", "triage")).Said, StringComparison.Ordinal);
        Assert.Contains("again", (await AsAdmin("repo", "rollback", "shared", "triage")).Said, StringComparison.Ordinal);
        Assert.Contains("Somebody: Second", (await AsAdmin("repo", "log", "shared")).Said, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Beside("mine.py"), Sound, Ct);
        Assert.Equal(0, (await AsAdmin("playbook", "import", Beside("mine.py"), "--repository", "shared", "--message", "Mine")).Status);
        Assert.Contains("is at", (await AsAdmin("repo", "push", "shared")).Said, StringComparison.Ordinal);
        Assert.Equal("Mine", Git(other, "log", "-1", "--format=%s", "main").Trim());
        Assert.Contains("production is at", (await AsAdmin("repo", "promote", "shared", "--to", "production")).Said, StringComparison.Ordinal);
        Assert.Contains("shared", (await AsAdmin("repo", "list")).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RepositoryThatIsNotThere_IsSaid()
    {
        await using var server = await Serve();

        var ended = await AsAdmin("repo", "pull", "none");

        Assert.Equal(1, ended.Status);
        Assert.Contains("There is no repository \"none\"", ended.Complained, StringComparison.Ordinal);
    }

    private void Commit(string source, string message)
    {
        File.WriteAllText(Beside("work/triage.py"), source);
        File.WriteAllText(Beside("work/triage.json"), """{"python_version":"3","labels":["events"]}""");
        Git(Beside("work"), "add", "--all");
        Git(Beside("work"), "commit", "--quiet", "--message", message);
        Git(Beside("work"), "push", "--quiet", "origin", "HEAD:main");
    }

    private static string Git(string folder, params string[] words)
    {
        var start = new ProcessStartInfo("/usr/bin/git", words) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in new[] { ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_AUTHOR_NAME", "Somebody"), ("GIT_AUTHOR_EMAIL", "somebody@example.org"), ("GIT_COMMITTER_NAME", "Somebody"), ("GIT_COMMITTER_EMAIL", "somebody@example.org") })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync(Ct);
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', words)}: {said.Result}");
        return answer;
    }
}

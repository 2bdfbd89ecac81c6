using System.Diagnostics;

namespace Vedette.Server.Tests.Repositories;

/// <summary>The other side of a repository: a real one of Git, with somebody who works in it.</summary>
internal sealed class OtherSide : IDisposable
{
    public const string Harmless = "import phantom.rules as phantom\n\n\ndef on_start(container):\n    phantom.debug('first')\n    look(container=container)\n\n\ndef look(container=None, **kwargs):\n    phantom.debug('looks')\n\n\ndef on_finish(container, summary):\n    return\n";

    private OtherSide(string root) => Root = root;

    /// <summary>The folder to allow.</summary>
    public string Root { get; }

    /// <summary>The bare repository.</summary>
    public string Bare => Path.Combine(Root, "playbooks.git");

    private string Work => Path.Combine(Root, "work");

    public static OtherSide Make()
    {
        var side = new OtherSide(Directory.CreateTempSubdirectory("vedette-other-").FullName);
        side.Git(side.Root, "init", "--quiet", "--bare", "--initial-branch=main", side.Bare);
        side.Git(side.Root, "init", "--quiet", "--initial-branch=main", side.Work);
        side.Git(side.Work, "remote", "add", "origin", side.Bare);
        return side;
    }

    /// <summary>Writes a playbook into the work folder.</summary>
    public void Put(string name, string source, string metadata = """{"python_version":"3","labels":["events"],"category":"Trial","description":"Looks"}""", string folder = "")
    {
        Directory.CreateDirectory(Path.Combine(Work, folder));
        File.WriteAllText(Path.Combine(Work, folder, $"{name}.py"), source);
        File.WriteAllText(Path.Combine(Work, folder, $"{name}.json"), metadata);
    }

    public void Remove(string name) => new[] { "py", "json" }.ToList().ForEach(end => File.Delete(Path.Combine(Work, $"{name}.{end}")));

    public string InWork(string name) => Path.Combine(Work, name);

    /// <summary>Commits what is in the work folder and pushes it.</summary>
    /// <returns>The commit.</returns>
    public string Commit(string message = "Change", string author = "Somebody <somebody@example.org>", bool rewrite = false)
    {
        Git(Work, "add", "--all");
        Git(Work, ["commit", "--quiet", "--allow-empty", "--message", message, "--author", author, .. rewrite ? new[] { "--amend" } : []]);
        Git(Work, ["push", "--quiet", .. rewrite ? new[] { "--force" } : [], "origin", "HEAD:main"]);
        return Git(Work, "rev-parse", "HEAD").Trim();
    }

    /// <summary>Brings what others pushed into the work folder.</summary>
    public void Catch() => Git(Work, "pull", "--quiet", "--rebase", "origin", "main");

    public string InBare(params string[] words) => Git(Bare, words);

    public string InWorkFolder(params string[] words) => Git(Work, words);

    public string Git(string folder, params string[] words)
    {
        var start = new ProcessStartInfo("/usr/bin/git") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in new[] { ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_AUTHOR_NAME", "Somebody"), ("GIT_AUTHOR_EMAIL", "somebody@example.org"), ("GIT_COMMITTER_NAME", "Somebody"), ("GIT_COMMITTER_EMAIL", "somebody@example.org") })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEndAsync();
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', words)}: {said.Result}");
        return answer;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Vedette.Engine.Repositories;

namespace Vedette.Git;

/// <summary>How one call of the program ended.</summary>
internal sealed record GitAnswer(int Status, byte[] Output, string Said)
{
    public bool Done => Status == 0;

    public string Text => Encoding.UTF8.GetString(Output);
}

/// <summary>
/// One call of git. It has no environment but what is said here, reads no settings of the machine or a person, runs no hook, asks nobody, follows no
/// redirect and no submodule, and speaks one protocol.
/// </summary>
internal sealed class GitProcess(GitOptions options)
{
    private const int MostSaid = 64 * 1024;

    /// <summary>The most that one call may answer, in bytes.</summary>
    private const int MostOutput = 512 << 20;

    /// <summary>For every call.</summary>
    private static readonly (string Key, string Value)[] Always =
    [
        ("core.hooksPath", "/dev/null"), ("core.symlinks", "false"), ("core.fsync", "committed"), ("core.quotePath", "false"), ("core.fsmonitor", "false"), ("core.askPass", ""), ("credential.helper", ""),
        ("gc.auto", "0"), ("maintenance.auto", "false"), ("submodule.recurse", "false"), ("fetch.recurseSubmodules", "no"), ("transfer.bundleURI", "false"), ("protocol.version", "2"),
        ("http.followRedirects", "false"), ("http.proxy", ""), ("http.lowSpeedLimit", "1000"), ("diff.external", ""), ("commit.gpgSign", "false"), ("log.showSignature", "false"), ("i18n.logOutputEncoding", "UTF-8"),
    ];

    /// <param name="folder">The bare folder; it need not be there yet.</param>
    /// <param name="input">What it is given to read.</param>
    /// <param name="settings">Beyond those of every call. They travel in the environment, which only the same user can see.</param>
    /// <param name="far">It speaks to another side: its time and what it writes are bounded, also when this process dies.</param>
    /// <exception cref="GitException">The program is not there.</exception>
    public async Task<GitAnswer> Run(string folder, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> input = default, IReadOnlyList<(string Key, string Value)>? settings = null, IReadOnlyDictionary<string, string>? environment = null, bool far = false, CancellationToken ct = default)
    {
        using var process = new Process { StartInfo = Start(folder, arguments, settings ?? [], environment, far) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new GitException($"The program {options.Program} cannot be started: {exception.Message}. Install git (apt-get install git).", exception);
        }

        using var kill = ct.Register(static of => Kill((Process)of!), process);
        var writing = Write(process, input, ct);
        var saying = Read(process.StandardError.BaseStream, MostSaid, cut: true, process);
        var answering = Read(process.StandardOutput.BaseStream, MostOutput, cut: false, process);
        await Task.WhenAll(writing, saying, answering);
        await process.WaitForExitAsync(CancellationToken.None);
        ct.ThrowIfCancellationRequested();
        return new GitAnswer(process.ExitCode, await answering, Encoding.UTF8.GetString(await saying).Trim());
    }

    private ProcessStartInfo Start(string folder, IReadOnlyList<string> arguments, IReadOnlyList<(string Key, string Value)> settings, IReadOnlyDictionary<string, string>? environment, bool far)
    {
        // A server that is killed leaves the call to these two, which end it.
        string[] command = far
            ? ["/usr/bin/timeout", "-s", "KILL", Whole(options.Deadline.TotalSeconds + 5), "/usr/bin/prlimit", $"--fsize={Whole(options.MostFetched)}", "--core=0", options.Program]
            : [options.Program];
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.Folder,
        };
        foreach (var word in command.Skip(1).Concat([$"--git-dir={folder}", .. arguments]))
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["HOME"] = options.Folder;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_ATTR_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "none";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        (string Key, string Value)[] all = [.. Always, ("http.lowSpeedTime", Whole(options.SlowFor)), .. settings];
        start.Environment["GIT_CONFIG_COUNT"] = Whole(all.Length);
        for (var at = 0; at < all.Length; at++)
        {
            start.Environment[$"GIT_CONFIG_KEY_{Whole(at)}"] = all[at].Key;
            start.Environment[$"GIT_CONFIG_VALUE_{Whole(at)}"] = all[at].Value;
        }

        return start;
    }

    private static async Task Write(Process process, ReadOnlyMemory<byte> input, CancellationToken ct)
    {
        try
        {
            await using var into = process.StandardInput.BaseStream;
            await into.WriteAsync(input, ct);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It ended before it had read all: how it ended says why.
            return;
        }
    }

    private static async Task<byte[]> Read(Stream from, int most, bool cut, Process process)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            if (all.Length + read <= most)
            {
                all.Write(buffer, 0, read);
            }
            else if (!cut)
            {
                Kill(process);
                throw new GitException($"Git answered with more than {most} bytes.");
            }
        }

        return all.ToArray();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
            return;
        }
    }

    private static string Whole(double number) => number.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace Vedette.Server.Tests;

/// <summary>The server as a process of its own.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _said = new(0);
    private volatile bool _ended;

    private ServerProcess(Process process) => _process = process;

    public Uri Url { get; private set; } = null!;

    public int Pid => _process.Id;

    /// <summary>What it wrote so far, to its output and its errors.</summary>
    public IReadOnlyList<string> Lines => [.. _lines];

    /// <param name="store">Connection string of a database; null for a file.</param>
    /// <param name="lab">Null leaves the assets as an earlier start has made them.</param>
    public static async Task<ServerProcess> Start(string folder, Uri? lab, string token, string logLevel = "Error", string password = "a-made-up-password-1", string? store = null, params string[] more)
    {
        var process = Process.Start(Command(["--data", folder, "--urls", "http://127.0.0.1:0", .. lab is null ? Array.Empty<string>() : ["--lab", lab.ToString()], "--log-level", logLevel, .. more], token, password, store))!;
        var server = new ServerProcess(process);
        process.OutputDataReceived += (_, line) => server.Say(line.Data);
        process.ErrorDataReceived += (_, line) => server.Say(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        const string listens = "Vedette listens on ";
        server.Url = new Uri((await server.Logged(listens))[listens.Length..]);
        return server;
    }

    /// <summary>A start that is expected to fail: its exit code, and what it said to the terminal.</summary>
    public static async Task<(int Code, string Said)> Refused(params string[] arguments)
    {
        using var process = Process.Start(Command(arguments, new string('t', 64)))!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Ends when the server has said a line with this, and gives it.</summary>
    public async Task<string> Logged(string text)
    {
        string? found;
        while ((found = _lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal))) is null)
        {
            if (_ended)
            {
                throw new InvalidOperationException($"The server ended and had not said \"{text}\" but: {string.Join('\n', _lines)}");
            }

            await _said.WaitAsync(TestContext.Current.CancellationToken);
        }

        return found;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Command(string[] arguments, string token, string password = "a-made-up-password-1", string? store = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vedette.dll"), "serve", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["VEDETTE_AUTOMATION_TOKEN"] = token;
        start.Environment["VEDETTE_ADMIN_PASSWORD"] = password;
        if (store is not null)
        {
            start.Environment["VEDETTE_STORE"] = store;
        }

        return start;
    }

    private void Say(string? line)
    {
        if (line is null)
        {
            _ended = true;
        }
        else
        {
            _lines.Enqueue(line);
        }

        _said.Release();
    }
}

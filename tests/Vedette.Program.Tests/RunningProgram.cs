using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace Vedette.Program.Tests;

/// <summary>A <c>vedette serve</c> that runs, and what it says.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private const string Listens = "Vedette listens on ";
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _said = new();

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Exited += (_, _) => _lines.Writer.TryComplete();
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Url { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>All it said so far, log included.</summary>
    public string Said => string.Join('\n', _said);

    public static async Task<RunningProgram> Serve(string folder, IEnumerable<string>? more = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] args = ["serve", "--data", folder, .. more ?? []];
        var program = Start(args.Contains("--urls") ? args : [.. args, "--urls", "http://127.0.0.1:0"], environment);
        var line = await program.Line(Listens);
        program.Url = new Uri(line[Listens.Length..]);
        return program;
    }

    public static RunningProgram Start(IReadOnlyList<string> args, IReadOnlyDictionary<string, string>? environment = null) =>
        new(Process.Start(Program.StartInfo(args, environment))!);

    /// <summary>The next line that has this in it.</summary>
    public async Task<string> Line(string part)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (line.Contains(part, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The program ended and never said \"{part}\":\n{Said}");
    }

    public HttpClient Client(string token)
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Add("ph-auth-token", token);
        return client;
    }

    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _said.Enqueue(line);
            _lines.Writer.TryWrite(line);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace Vedette.Program.Tests;

/// <summary>A <c>vedette serve</c> that runs, and what it says.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private const string Listens = "Vedette listens on ";
    private readonly Process _process;
    private readonly Channel<bool> _news = Channel.CreateUnbounded<bool>();
    private readonly ConcurrentQueue<string> _said = new();
    private int _open = 2;

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Url { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>All it said so far, log included.</summary>
    public string Said => string.Join('\n', _said);

    public static async Task<RunningProgram> Serve(string folder, IEnumerable<string>? more = null, IReadOnlyDictionary<string, string>? environment = null, bool onTerminal = false)
    {
        string[] args = ["serve", "--data", folder, .. more ?? []];
        var program = Start(args.Contains("--urls") ? args : [.. args, "--urls", "http://127.0.0.1:0"], environment, onTerminal);
        var line = await program.Line(Listens);
        // A terminal's own codes may stand before it.
        program.Url = new Uri(line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]);
        return program;
    }

    public static RunningProgram Start(IReadOnlyList<string> args, IReadOnlyDictionary<string, string>? environment = null, bool onTerminal = false)
    {
        var start = Program.StartInfo(args, environment);
        if (onTerminal)
        {
            // Python's own module gives a program a terminal, and hands on what it says there.
            string[] command = [start.FileName, .. start.ArgumentList];
            start.FileName = "/usr/bin/python3";
            start.ArgumentList.Clear();
            foreach (var word in new[] { "-c", "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]))" }.Concat(command))
            {
                start.ArgumentList.Add(word);
            }
        }

        return new RunningProgram(Process.Start(start)!);
    }

    /// <summary>The first line with this in it, as soon as it is said. The log and the greeting are written side by side, so order says nothing.</summary>
    public async Task<string> Line(string part)
    {
        while (true)
        {
            if (_said.FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            if (!await _news.Reader.WaitToReadAsync(TestContext.Current.CancellationToken))
            {
                throw new InvalidOperationException($"The program ended and never said \"{part}\":\n{Said}");
            }

            _news.Reader.TryRead(out _);
        }
    }

    public HttpClient Client(string token)
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Add("ph-auth-token", token);
        return client;
    }

    /// <summary>Ctrl C on its terminal; answers when it has ended.</summary>
    public async Task Interrupt()
    {
        await _process.StandardInput.WriteAsync('\x03');
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
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
            _news.Writer.TryWrite(true);
        }
        else if (Interlocked.Decrement(ref _open) == 0)
        {
            // Both ends of what it says are closed: it has ended.
            _news.Writer.TryComplete();
        }
    }
}

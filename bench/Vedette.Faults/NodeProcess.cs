using System.Collections.Concurrent;
using System.Diagnostics;

namespace Vedette.Faults;

/// <summary>A <see cref="Node"/> seen from outside.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _commits = new();
    private volatile TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(Process process) => _process = process;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Ends when the process has.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>What was committed since it was armed, in order: number and writes.</summary>
    public IReadOnlyList<string> Commits => [.. _commits];

    public static async Task<NodeProcess> Start(string folder, string lab, string token, string? store)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Vedette.Faults.dll"), "node", folder, lab]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["VEDETTE_AUTOMATION_TOKEN"] = token;
        start.Environment["VEDETTE_ADMIN_PASSWORD"] = token;
        if (store is not null)
        {
            start.Environment["VEDETTE_STORE"] = store;
        }

        var node = new NodeProcess(Process.Start(start)!);
        node._process.OutputDataReceived += (_, line) => node.Said(line.Data);
        node._process.BeginOutputReadLine();
        node.Http = new HttpClient { BaseAddress = await node._listens.Task };
        node.Http.DefaultRequestHeaders.Add("ph-auth-token", token);
        return node;
    }

    public async Task Arm(int? commit, bool after)
    {
        _commits.Clear();
        _armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _process.StandardInput.WriteLineAsync($"arm {(commit is { } number ? number : "never")} {(after ? "after" : "before")}");
        await _process.StandardInput.FlushAsync();
        await _armed.Task;
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

        Http.Dispose();
        _process.Dispose();
    }

    private void Said(string? line)
    {
        if (line is null)
        {
            _listens.TrySetException(new InvalidOperationException("The node ended before it listened."));
        }
        else if (line.StartsWith(Node.Listens, StringComparison.Ordinal))
        {
            _listens.TrySetResult(new Uri(line[Node.Listens.Length..]));
        }
        else if (line == Node.Armed)
        {
            _armed.TrySetResult();
        }
        else if (line.StartsWith(Node.Committing, StringComparison.Ordinal))
        {
            _commits.Enqueue(line[Node.Committing.Length..]);
        }
    }
}

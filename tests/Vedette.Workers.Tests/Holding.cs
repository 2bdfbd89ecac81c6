using System.Text.Json;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers.Tests;

/// <summary>Keeps a run in the middle of its first call, until it is let go.</summary>
internal sealed class Holding : ITurnCalls
{
    private readonly TaskCompletionSource<string> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The arguments of the call, once it is there.</summary>
    public Task<string> Asked => _asked.Task.WaitAsync(TestContext.Current.CancellationToken);

    public void LetGo() => _goOn.SetResult();

    public async ValueTask<ReadOnlyMemory<byte>> Call(string name, JsonElement arguments, CancellationToken cancellation)
    {
        _asked.SetResult(arguments.GetRawText());
        await _goOn.Task.WaitAsync(cancellation);
        return "null"u8.ToArray();
    }

    public void Tell(string name, JsonElement arguments) { }

    public void Log(int level, string line) { }

    public void ClockRead(IReadOnlyList<double> readings) { }
}

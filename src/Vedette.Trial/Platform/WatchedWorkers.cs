using System.Text.Json;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Trial.Platform;

/// <summary>The workers, with a simulated time, told which places each turn reached, and what it called.</summary>
internal sealed class WatchedWorkers(IPlaybookWorkers workers, TrialRecord record, Func<JsonElement, Task> beforeAction, SimulatedClock clock, Stir stir) : IPlaybookWorkers
{
    public SandboxReport Sandbox => workers.Sandbox;

    public string? AcceptedLevel { get => workers.AcceptedLevel; set => workers.AcceptedLevel = value; }

    public Task<SandboxReport> Start(CancellationToken cancellation) => workers.Start(cancellation);

    public Task<SourceCheck> Check(string name, ReadOnlyMemory<byte> source, bool python2Layer, CancellationToken cancellation) =>
        workers.Check(name, source, python2Layer, cancellation);

    public async Task<TurnEnd> Run(TurnOrder order, ITurnCalls calls, CancellationToken cancellation)
    {
        using var under = stir.Under();
        var watched = order with
        {
            Now = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds,
            Reached = places => record.Reached(order.SourceHash, places),
        };
        var end = await workers.Run(watched, new Calls(calls, order, record, beforeAction), cancellation);
        record.Ended(order, end);
        return end;
    }

    /// <summary>They serve other cases too, and end with the house.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Calls(ITurnCalls calls, TurnOrder order, TrialRecord record, Func<JsonElement, Task> beforeAction) : ITurnCalls
    {
        public async ValueTask<ReadOnlyMemory<byte>> Call(string name, JsonElement arguments, CancellationToken cancellation)
        {
            if (name == "act")
            {
                await beforeAction(arguments);
            }

            try
            {
                var answer = await calls.Call(name, arguments, cancellation);
                record.Called(order, name, arguments);
                return answer;
            }
            catch (TurnCallException refused) when (refused.PythonType == "NotAvailable")
            {
                record.NotAvailable(order, refused.Message);
                throw;
            }
        }

        public void Tell(string name, JsonElement arguments) => calls.Tell(name, arguments);

        public void Log(int level, string line)
        {
            record.Log(level, line);
            calls.Log(level, line);
        }

        public void ClockRead(IReadOnlyList<double> readings) => calls.ClockRead(readings);
    }
}

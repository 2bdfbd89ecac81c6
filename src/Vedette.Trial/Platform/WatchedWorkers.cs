using System.Text.Json;
using System.Text.RegularExpressions;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Trial.Platform;

/// <summary>The workers, with a simulated time, told which places each turn reached, and what it called.</summary>
internal sealed partial class WatchedWorkers(TrialHouse house, TrialRecord record, Func<string, JsonElement, Task> before, SimulatedClock clock, Stir stir) : IPlaybookWorkers
{
    public SandboxReport Sandbox => house.Workers.Sandbox;

    public string? AcceptedLevel { get => house.Workers.AcceptedLevel; set => house.Workers.AcceptedLevel = value; }

    public Task<SandboxReport> Start(CancellationToken cancellation) => house.Workers.Start(cancellation);

    public Task<SourceCheck> Check(string name, ReadOnlyMemory<byte> source, bool python2Layer, CancellationToken cancellation) =>
        house.Check(name, source, python2Layer, cancellation);

    public async Task<TurnEnd> Run(TurnOrder order, ITurnCalls calls, CancellationToken cancellation)
    {
        using var under = stir.Under();
        var watched = order with
        {
            Now = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds,
            Reached = places => record.Reached(order.SourceHash, places),
        };
        var end = await house.Workers.Run(watched, new Calls(calls, order, record, before), cancellation);
        record.Ended(order, end);
        return end;
    }

    /// <summary>They serve other cases too, and end with the house.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed partial class Calls(ITurnCalls calls, TurnOrder order, TrialRecord record, Func<string, JsonElement, Task> before) : ITurnCalls
    {
        public async ValueTask<ReadOnlyMemory<byte>> Call(string name, JsonElement arguments, CancellationToken cancellation)
        {
            await before(name, arguments);
            try
            {
                var answer = await calls.Call(name, arguments, cancellation);
                record.Called(order, name, arguments);
                if (name is "prompt" or "prompt2" or "task" or "act")
                {
                    using var id = JsonDocument.Parse(answer);
                    record.Asked(id.RootElement.GetInt64(), arguments);
                }

                if (name == "rest" && Missing(answer) is { } missing)
                {
                    record.NotAvailable(order, missing);
                }

                return answer;
            }
            catch (TurnCallException refused) when (refused.PythonType == "NotAvailable")
            {
                record.NotAvailable(order, refused.Message);
                throw;
            }
        }

        /// <summary>What the own REST says of a route that it does not have.</summary>
        private static string? Missing(ReadOnlyMemory<byte> answer)
        {
            using var json = JsonDocument.Parse(answer);
            var body = json.RootElement.GetProperty("body").GetString() ?? "";
            return json.RootElement.GetProperty("status").GetInt32() is 404 or 405 && NoRoute().Match(body) is { Success: true } found ? found.Value : null;
        }

        public void Tell(string name, JsonElement arguments) => calls.Tell(name, arguments);

        public void Log(int level, string line)
        {
            record.Log(level, line);
            calls.Log(level, line);
        }

        public void ClockRead(IReadOnlyList<double> readings) => calls.ClockRead(readings);

        [GeneratedRegex(@"There is no /rest/[\w-]+|\w+ is not possible on /rest/[^;""]+")]
        private static partial Regex NoRoute();
    }
}

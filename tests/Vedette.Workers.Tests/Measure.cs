using System.Diagnostics;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers.Tests;

public class Measure
{
    /// <summary>Not a promise but a reading: written to the test's output, compared with a generous bound.</summary>
    [Fact]
    public async Task ATurnAndACallAreCheap()
    {
        await using var workers = await Workers.Started();
        var nothing = Workers.Order("def run():\n    return None\n");
        var calling = Workers.Order("import phantom.rules as phantom\ndef run():\n    for _ in range(5000): phantom.get_container(1)\n");
        for (var warm = 0; warm < 300; warm++)
        {
            await workers.Run(nothing, new Quiet());
        }
        await workers.Run(calling, new Quiet());
        var clock = Stopwatch.StartNew();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        for (var turn = 0; turn < 1000; turn++)
        {
            Assert.IsType<TurnEnd.Returned>(await workers.Run(nothing, new Quiet()));
        }
        var perTurn = clock.Elapsed.TotalMilliseconds / 1000;
        var cpuPerTurn = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / 1000;
        clock.Restart();
        cpu = Process.GetCurrentProcess().TotalProcessorTime;
        for (var turn = 0; turn < 4; turn++)
        {
            Assert.IsType<TurnEnd.Returned>(await workers.Run(calling, new Quiet()));
        }
        var perCall = clock.Elapsed.TotalMicroseconds / 20_000;
        var cpuPerCall = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMicroseconds / 20_000;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"turn {perTurn:0.000} ms (server's CPU {cpuPerTurn:0.000} ms), call {perCall:0.0} us (server's CPU {cpuPerCall:0.0} us)");
        Assert.InRange(perTurn, 0, 20);
    }

    private sealed class Quiet : ITurnCalls
    {
        private static readonly byte[] Answer = "{\"id\":1}"u8.ToArray();

        public ValueTask<ReadOnlyMemory<byte>> Call(string name, System.Text.Json.JsonElement arguments, CancellationToken cancellation) => new(Answer);

        public void Tell(string name, System.Text.Json.JsonElement arguments) { }

        public void Log(int level, string line) { }

        public void ClockRead(IReadOnlyList<double> readings) { }
    }
}

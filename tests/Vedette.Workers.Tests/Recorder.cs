using System.Text;
using System.Text.Json;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers.Tests;

/// <summary>Stands in for the engine: remembers what was asked, answers what it was told to.</summary>
internal sealed class Recorder : ITurnCalls
{
    public List<string> Calls { get; } = [];

    public List<string> Tells { get; } = [];

    public List<(int Level, string Line)> Lines { get; } = [];

    public List<double> Readings { get; } = [];

    public Func<string, JsonElement, string> Answers { get; init; } = (_, _) => "null";

    public ValueTask<ReadOnlyMemory<byte>> Call(string name, JsonElement arguments, CancellationToken cancellation)
    {
        Calls.Add(name + " " + arguments.GetRawText());
        return new(Encoding.UTF8.GetBytes(Answers(name, arguments)));
    }

    public void Tell(string name, JsonElement arguments) => Tells.Add(name + " " + arguments.GetRawText());

    public void Log(int level, string line) => Lines.Add((level, line));

    public void ClockRead(IReadOnlyList<double> readings) => Readings.AddRange(readings);
}

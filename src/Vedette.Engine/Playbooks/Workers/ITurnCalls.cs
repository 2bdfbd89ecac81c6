using System.Text.Json;

namespace Vedette.Engine.Playbooks.Workers;

/// <summary>The engine's side of a turn. Called one at a time, in the order in which the playbook called.</summary>
/// <remarks>Arguments are readable until the method returns (a call: until its task ends); to keep one, clone it.</remarks>
public interface ITurnCalls
{
    /// <summary>Answers with a JSON value.</summary>
    /// <exception cref="TurnCallException">To raise an exception in Python.</exception>
    ValueTask<ReadOnlyMemory<byte>> Call(string name, JsonElement arguments, CancellationToken cancellation);

    /// <summary>A message without an answer.</summary>
    void Tell(string name, JsonElement arguments);

    /// <summary>A line of the log; levels as in Python: 10 debug, 20 printed, 40 error.</summary>
    void Log(int level, string line);

    /// <summary>Readings of the clock that were not given again but taken.</summary>
    void ClockRead(IReadOnlyList<double> readings);
}

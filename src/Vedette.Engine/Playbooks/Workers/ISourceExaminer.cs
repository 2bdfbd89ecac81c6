using System.Text.Json;

namespace Vedette.Engine.Playbooks.Workers;

/// <summary>Reads a source without running it, in a worker.</summary>
public interface ISourceExaminer
{
    /// <summary>What the compiler says, and what the source says of itself as JSON: see <c>examine.py</c>.</summary>
    /// <exception cref="IOException">The interpreter failed while it read the source.</exception>
    Task<(SourceCheck Check, JsonElement Facts)> Examine(string name, ReadOnlyMemory<byte> source, bool python2Layer, CancellationToken cancellation);
}

using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Rest;

/// <summary>REST calls of a run to its own platform: through the server's own endpoints, in process, as the run's user.</summary>
public interface IOwnRest
{
    /// <summary>Calls an endpoint. What it writes goes into <paramref name="unit"/> and is committed by the caller, with the recorded answer.</summary>
    /// <param name="path">Raw path, percent-encoded, e.g. <c>/rest/decided_list/my%2Flist</c>.</param>
    /// <param name="query">Raw query without the question mark.</param>
    Task<OwnRestAnswer> Call(Caller caller, Unit unit, string method, string path, string query, ReadOnlyMemory<byte> body, CancellationToken ct);
}

/// <param name="Refused">Why the call, or a part of it, was beyond what a run may; null when nothing was.</param>
public sealed record OwnRestAnswer(int Status, string ContentType, ReadOnlyMemory<byte> Body, string? Refused = null);

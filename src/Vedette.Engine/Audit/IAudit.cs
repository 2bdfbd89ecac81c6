using Vedette.Model;

namespace Vedette.Engine.Audit;

/// <summary>The record of what was done. Doors write to it by <see cref="AuditTrail"/>; nothing changes it.</summary>
public interface IAudit
{
    /// <summary>Reads all rows in the order they are stored and says what is changed, missing, added or moved.</summary>
    /// <param name="checkpoints">Ends written down elsewhere: without them a tail that was cut off is not found.</param>
    ValueTask<Outcome<AuditVerdict>> Verify(Caller caller, IReadOnlyList<AuditCheckpoint>? checkpoints = null, CancellationToken ct = default);
}

/// <param name="Rows">How many were read.</param>
public sealed record AuditVerdict(long Rows, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>Contents that retention took do not break the chain.</summary>
    public bool Holds => !Findings.Any(f => f.IsBroken);
}

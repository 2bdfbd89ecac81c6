using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Audit;

/// <summary>The record of what was done. Doors write to it by <see cref="AuditTrail"/>; nothing changes it.</summary>
public interface IAudit
{
    /// <summary>Reads all rows in the order they are stored and says what is changed, missing, added or moved.</summary>
    /// <param name="checkpoints">Ends written down elsewhere: without them a tail that was cut off is not found.</param>
    ValueTask<Outcome<AuditVerdict>> Verify(Caller caller, IReadOnlyList<AuditCheckpoint>? checkpoints = null, CancellationToken ct = default);

    /// <summary>
    /// Takes the contents of the oldest rows that still have one: who, what and when stay, with the digest of what was there, so the chain holds.
    /// The act has a row of its own in the same unit.
    /// </summary>
    /// <param name="most">Rows in this unit.</param>
    /// <returns>How many rows; fewer than <paramref name="most"/> where no more are left.</returns>
    Task<Outcome<int>> Empty(Unit unit, Caller caller, DateTimeOffset before, int most);
}

/// <param name="Rows">How many were read.</param>
public sealed record AuditVerdict(long Rows, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>Contents that retention took do not break the chain.</summary>
    public bool Holds => !Findings.Any(f => f.IsBroken);
}

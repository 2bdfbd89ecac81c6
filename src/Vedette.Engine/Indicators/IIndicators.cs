using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Indicators;

/// <summary>
/// Values seen across artifacts. They are made from the outbox, behind the start of playbooks and off the way of an alert; who reads them
/// for an event and must not miss any asks to be caught up first.
/// </summary>
public interface IIndicators
{
    /// <summary>There is something in the outbox; it is looked at soon.</summary>
    void Wake();

    /// <summary>Makes the indicators of an event that are still to be made.</summary>
    Task CatchUp(ContainerId container, CancellationToken ct);

    /// <summary>Replaces the tags. Those that a rule of the policy looks for on targets come and go by a person only.</summary>
    Task<Outcome<Done>> SetTags(Unit unit, Caller caller, IndicatorId id, IReadOnlyList<string> tags);
}

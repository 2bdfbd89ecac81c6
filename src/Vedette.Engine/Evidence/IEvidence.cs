using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Evidence;

/// <summary>What of an event counts as evidence.</summary>
public interface IEvidence
{
    /// <param name="contentType"><c>containerattachment</c>, <c>artifact</c>, <c>actionrun</c>, <c>container</c> or <c>note</c>.</param>
    Task<Outcome<EvidenceId>> Add(Unit unit, Caller caller, ContainerId container, string contentType, long objectId);

    Task<Outcome<Done>> Remove(Unit unit, Caller caller, EvidenceId id);
}

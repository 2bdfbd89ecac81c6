using System.Text.Json;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks;

public interface IPlaybooks
{
    Task<Outcome<PlaybookRunId>> Start(Unit unit, Caller caller, StartRun what);

    Task<Outcome<PlaybookId>> Import(Unit unit, Caller caller, PlaybookImport import);

    Task<Outcome<Done>> Change(Unit unit, Caller caller, PlaybookId id, bool? active, bool cancelRuns);

    Task<Outcome<Done>> Cancel(Unit unit, Caller caller, PlaybookRunId id);
}

/// <param name="Playbook">Id, <c>repository/name</c> or name.</param>
public sealed record StartRun(ContainerId Container, string Playbook, string Scope, JsonElement? Inputs);

public sealed record PlaybookImport(string Repository, string Name, byte[] Source, JsonElement? Metadata, bool Force);

using System.Text.Json;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions;

public interface IActions
{
    Task<Outcome<ActionRunId>> Ask(Unit unit, Caller caller, ActionRequest request);

    Task<Outcome<Done>> Cancel(Unit unit, Caller caller, ActionRunId id);

    Task<Outcome<AssetTest>> Test(Caller caller, AssetId asset, CancellationToken ct);

    Task<Outcome<Done>> Stop(Unit unit, Caller caller, bool stopped, string reason);

    bool Stopped { get; }
}

public sealed record ActionRequest
{
    public required string Action { get; init; }
    public required string Name { get; init; }
    public ContainerId? Container { get; init; }
    public IReadOnlyList<ActionTarget> Targets { get; init; } = [];
}

public sealed record ActionTarget(IReadOnlyList<string>? Assets, IReadOnlyList<JsonElement> Parameters, string? App);

public sealed record AssetTest(bool Passed, string Message, IReadOnlyList<string> Steps);

using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Connectors.Calling;

/// <summary>
/// The frame every connector of ours stands in: a failure of the other system becomes an answer here, in one place. Secrets are known
/// before anything is read, so that they are hidden before a text is cut.
/// </summary>
public abstract class BuiltInConnector : IConnector
{
    private protected BuiltInConnector(string manifest)
    {
        using var stream = typeof(BuiltInConnector).Assembly.GetManifestResourceStream(manifest)
            ?? throw new InvalidOperationException($"The manifest {manifest} is not in the assembly.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        Manifest = ManifestReader.Read(bytes.ToArray());
    }

    public Manifest Manifest { get; }

    public async Task<ActionAnswer> Run(ActionCall call, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.Secrets.Add(Manifest, call.Asset);
        var answer = await Answered(() => Act(call, ct), ct);
        if (answer is { Success: true, Message: "" })
        {
            answer = answer with { Message = AutomaticMessage.From(answer.Summary) };
        }

        if (answer.Fault is { } fault)
        {
            var doneUnknown = fault.MayHaveHappened && Manifest.Find(call.Action)?.Reach is not (null or Reach.Reads);
            answer = answer with { Message = Advice.Added(answer.Message, fault, doneUnknown, Manifest.Name, call.Asset.Name) };
        }

        return answer;
    }

    public async Task<Settled> Settle(ActionCall call, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.Secrets.Add(Manifest, call.Asset);
        try
        {
            return await Look(call, ct);
        }
        catch (Exception e) when (e is WayOutException or CallException)
        {
            ct.ThrowIfCancellationRequested();
            return Settled.CannotKnow;
        }
    }

    public virtual Reach ReachOf(ManifestAction action, JsonElement parameters)
    {
        ArgumentNullException.ThrowIfNull(action);
        return action.Reach;
    }

    private protected abstract Task<ActionAnswer> Act(ActionCall call, CancellationToken ct);

    private protected virtual Task<Settled> Look(ActionCall call, CancellationToken ct) => Task.FromResult(Settled.CannotKnow);

    private protected static ActionAnswer NoSuchAction(ActionCall call) =>
        ActionAnswer.Failed($"This connector has no action \"{call.Action}\".", new Fault(FaultKind.BadInput));

    private protected static ActionAnswer Done(string message) => new() { Success = true, Message = message };

    private static async Task<ActionAnswer> Answered(Func<Task<ActionAnswer>> act, CancellationToken ct)
    {
        try
        {
            return await act();
        }
        catch (CallException e)
        {
            ct.ThrowIfCancellationRequested();
            return new ActionAnswer { Success = false, Message = e.Message, Fault = e.Fault, Summary = e.Summary ?? new JsonObject() };
        }
        catch (WayOutException e)
        {
            ct.ThrowIfCancellationRequested();
            return ActionAnswer.Failed(e.Message, e.Fault);
        }
    }
}

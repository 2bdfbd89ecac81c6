using System.Text.Json.Nodes;
using Vedette.Sdk;

namespace Vedette.Connectors.Calling;

/// <summary>Ends an action from within; becomes a failed answer in <see cref="BuiltInConnector"/>.</summary>
internal sealed class CallException(Fault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public Fault Fault { get; } = fault;

    /// <summary>What was already known when it failed.</summary>
    public JsonObject? Summary { get; init; }

    public static CallException BadInput(string message) => new(new Fault(FaultKind.BadInput), message);

    public static CallException Unreadable(string message, bool mayHaveHappened = false, Exception? inner = null) =>
        new(new Fault(FaultKind.Unreadable, mayHaveHappened), message, inner);
}

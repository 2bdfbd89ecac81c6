using System.Text.Json;
using Vedette.Model;

namespace Vedette.Sdk;

/// <summary>
/// The code of an app. One object serves all assets and all calls at once: it keeps no state of a call, and reaches other
/// systems only through <see cref="ActionCall.WayOut"/>.
/// </summary>
public interface IConnector
{
    /// <summary>The manifest: what the app can do, in the form of the field's app JSON.</summary>
    Manifest Manifest { get; }

    /// <summary>
    /// How far an action reaches with these parameters. Of a free query or command a connector says what it can do; less than the manifest
    /// says counts for nothing.
    /// </summary>
    /// <param name="parameters">As the connector gets them.</param>
    Reach ReachOf(ManifestAction action, JsonElement parameters) => action.Reach;

    /// <summary>Carries out one action with one parameter set on one asset.</summary>
    /// <param name="call">What to do, on what, with which settings.</param>
    /// <param name="ct">Ends the work for real: every wait in the connector listens to it.</param>
    /// <returns>A result. A failure that belongs to the other system is a failed result, not an exception.</returns>
    Task<ActionAnswer> Run(ActionCall call, CancellationToken ct);

    /// <summary>
    /// Looks whether the effect of an earlier, unanswered call of a <c>findable</c> or <c>keyed</c> action is there. Only asked for
    /// actions whose manifest says so.
    /// </summary>
    Task<Settled> Settle(ActionCall call, CancellationToken ct) => Task.FromResult(Settled.CannotKnow);
}

/// <summary>What <see cref="IConnector.Settle"/> found.</summary>
/// <param name="Kind">Whether the effect is there.</param>
/// <param name="Answer">For <see cref="SettledKind.Happened"/>: the answer the first call would have given.</param>
public sealed record Settled(SettledKind Kind, ActionAnswer? Answer = null)
{
    public static Settled NotThere { get; } = new(SettledKind.NotThere);

    public static Settled CannotKnow { get; } = new(SettledKind.CannotKnow);

    public static Settled Happened(ActionAnswer answer) => new(SettledKind.Happened, answer);
}

public enum SettledKind
{
    Happened,
    NotThere,
    CannotKnow,
}

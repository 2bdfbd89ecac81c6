using System.Text.Json;
using Vedette.Model;

namespace Vedette.Sdk;

/// <summary>One action with one parameter set on one asset.</summary>
public sealed record ActionCall
{
    /// <summary>The action as playbooks name it, e.g. <c>whois domain</c>.</summary>
    public required string Action { get; init; }

    /// <summary>A JSON object, checked against the manifest; empty and null values are left out; <c>context</c> is not in it.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>The settings of the asset with its secrets opened.</summary>
    public required AssetSettings Asset { get; init; }

    /// <summary>The event this is done for, or null for a test of the asset.</summary>
    public ContainerId? Container { get; init; }

    /// <summary>
    /// A random 128-bit number as 32 lower-case hex digits, the same at every attempt. A keyed action hands it to the other system.
    /// </summary>
    public required string EffectKey { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>An attempt before this one may have taken effect: look before sending again. One that never reached the other system has not.</summary>
    public bool MayHaveLanded { get; init; }

    /// <summary>A changing call is not sent after this moment; the caller may have been replaced by then.</summary>
    public required DateTimeOffset SendBy { get; init; }

    /// <summary>The one way to other systems, bound to the addresses of this asset.</summary>
    public required IWayOut WayOut { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>What must not be seen in any answer; the platform hides it there. A connector adds what came about during the call, such as a session key.</summary>
    public Secrets Secrets { get; init; } = new();

    /// <summary>Tells the reader of the run how it goes. Secrets are hidden in it.</summary>
    public Action<string> Progress { get; init; } = static _ => { };

    /// <summary>The text of a parameter, or null.</summary>
    public string? Text(string name) => Parameters.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        }
        : null;
}

using System.Text.Json;
using Vedette.Model;

namespace Vedette.Sdk;

/// <summary>
/// What an app is and can do: the field's app JSON, read once. Our own keys stand under <c>vedette</c>, at the top and in an action:
/// <c>reach</c> (reads, records, changes, destroys), <c>settling</c> (reads, repeatable, keyed, findable, unknown),
/// <c>answer_within_seconds</c>, <c>landed_within_seconds</c>; at the top <c>address_settings</c> (field names), <c>targets</c> (field
/// names that hold a host or URL), <c>public_too</c> and <c>concurrency</c>. A setting <c>requests_per_second</c> limits the calls of an asset.
/// </summary>
public sealed record Manifest
{
    /// <summary>The app JSON as it was read.</summary>
    public required JsonElement Json { get; init; }

    public required Guid AppGuid { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    public required string Vendor { get; init; }

    public required string Product { get; init; }

    public required IReadOnlyList<ManifestField> Configuration { get; init; }

    public required IReadOnlyList<ManifestAction> Actions { get; init; }

    /// <summary>Settings that say where a secret goes: changing one clears the secrets (host, port, protocol, proxy, certificate check).</summary>
    public required IReadOnlySet<string> AddressSettings { get; init; }

    /// <summary>Settings whose value names a host the asset may reach: a host name, an address, or a URL.</summary>
    public required IReadOnlyList<string> TargetSettings { get; init; }

    /// <summary>Whether public addresses beyond the targets may be reached, without credentials.</summary>
    public required bool PublicToo { get; init; }

    /// <summary>Calls at once per asset.</summary>
    public required int Concurrency { get; init; }

    public ManifestAction? Find(string action) =>
        Actions.FirstOrDefault(a => string.Equals(a.Name, action, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A setting of an asset.</summary>
/// <param name="Type"><c>string</c>, <c>password</c>, <c>boolean</c>, <c>numeric</c>, <c>file</c>, <c>timezone</c>.</param>
public sealed record ManifestField(string Name, string Type, bool Required, JsonElement? Default, string Description)
{
    public bool Secret => Type == "password";
}

/// <summary>One action of an app.</summary>
/// <param name="AnswerWithin">An answer that has not come by then will not come.</param>
/// <param name="LandedWithin">How long the other system may still take to let a call land after its answer was given up.</param>
public sealed record ManifestAction(
    string Name,
    string Identifier,
    string Type,
    bool ReadOnly,
    string Description,
    IReadOnlyList<ManifestParameter> Parameters,
    Reach Reach,
    Settling Settling,
    TimeSpan AnswerWithin,
    TimeSpan LandedWithin);

/// <summary>A parameter of an action.</summary>
/// <param name="Type"><c>string</c>, <c>numeric</c> or <c>boolean</c>.</param>
/// <param name="Contains">The field's types, lower case, e.g. <c>ip</c>.</param>
public sealed record ManifestParameter(
    string Name,
    string Type,
    bool Required,
    JsonElement? Default,
    IReadOnlyList<string> Contains,
    IReadOnlyList<string> ValueList,
    bool AllowList);

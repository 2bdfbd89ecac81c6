using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Apps;

/// <summary>
/// The installed apps and their assets: what can be done, and on what. Secrets are sealed as they come in, and opened only by
/// <see cref="Open"/>, at the last moment, inside the engine.
/// </summary>
public interface IApps
{
    /// <summary>Told after the commit that has changed an asset here.</summary>
    event Action<AssetId> AssetChanged;

    /// <summary>At start: makes or renews the row of each app. Of two connectors with one GUID the newer counts.</summary>
    ValueTask<Outcome<Done>> Register(Unit unit, Caller caller, IReadOnlyList<IConnector> connectors, CancellationToken ct = default);

    /// <summary>All apps and assets, from memory; never older than the last commit here.</summary>
    ValueTask<Catalogue> Catalogue(CancellationToken ct = default);

    /// <summary>Makes an asset. A setting that is missing or of the wrong type is refused by name; unknown ones are left out.</summary>
    ValueTask<Outcome<AssetAnswer>> CreateAsset(Unit unit, Caller caller, AssetDraft draft, CancellationToken ct = default);

    /// <summary>
    /// Changes what the draft names; a configuration replaces the one before wholly. A secret posted as its mask stays, unless a setting
    /// that says where it goes has changed: then it is cleared, and the answer says so.
    /// </summary>
    ValueTask<Outcome<AssetAnswer>> ChangeAsset(Unit unit, Caller caller, AssetId asset, AssetDraft draft, CancellationToken ct = default);

    /// <summary>The configuration to show: in place of each secret a mask, <c>salt:…</c>, that says nothing about it.</summary>
    JsonObject Masked(AssetRow asset);

    /// <summary>
    /// What an action would run on. With names: those assets, or a refusal for the first that cannot. Without: every enabled asset whose
    /// app knows the action, and of apps of one name only the newest.
    /// </summary>
    /// <param name="assets">Names of assets, or null or none for all.</param>
    /// <param name="app">Name or product name of the app, or null for any.</param>
    ValueTask<Outcome<IReadOnlyList<ActionTarget>>> Resolve(string action, IReadOnlyList<string>? assets, string? app, CancellationToken ct = default);

    /// <summary>What the asset may reach: the hosts its settings name.</summary>
    WayOutScope ScopeOf(AssetRow asset);

    /// <summary>
    /// The settings with secrets opened and defaults filled in, for the call that is about to be made. Refused when a secret does not
    /// belong to this asset, field and address, or a required one has to be entered again.
    /// </summary>
    internal Outcome<AssetSettings> Open(AssetRow asset);

    /// <summary>Keeps with the asset what a test of its connection said.</summary>
    /// <param name="outcome">Shown as it is: no secret may be in it.</param>
    internal void Tested(Unit unit, AssetId asset, JsonObject outcome);
}

public sealed record Catalogue(IReadOnlyList<AppRow> Apps, IReadOnlyList<AssetRow> Assets);

/// <summary>An action on one asset.</summary>
public sealed record ActionTarget(AssetRow Asset, AppRow App, IConnector Connector, ManifestAction Action)
{
    /// <summary>An answer that has not come by then will not come: the asset's own setting, else what the app says.</summary>
    public TimeSpan AnswerWithin { get; } = SettingsForm.AnswerWithinOf(Asset) ?? Action.AnswerWithin;
}

/// <param name="SecretsCleared">Fields whose secrets have to be entered again, as the address they went to has changed.</param>
public sealed record AssetAnswer(AssetId Id, IReadOnlyList<string> SecretsCleared);

/// <summary>What to write of an asset; null leaves a field as it is, or at its default.</summary>
public sealed record AssetDraft
{
    public string? Name { get; init; }

    /// <summary>Needed for a new asset; an asset keeps its app.</summary>
    public AppChoice? App { get; init; }

    /// <summary>A JSON object: field to value. <c>ingest</c> is kept as it is; <c>answer_within_seconds</c> and what limits calls are every app's.</summary>
    public JsonElement? Configuration { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public bool? Disabled { get; init; }

    /// <summary>Calls at once; null for what the app says.</summary>
    public long? Concurrency { get; init; }

    /// <summary>Never shows settings: there may be secrets among them.</summary>
    public override string ToString() => $"draft of asset {Name}";
}

/// <summary>An app by its id, its GUID, or vendor and product.</summary>
public sealed record AppChoice(AppId? Id = null, string? Guid = null, string? Vendor = null, string? Product = null);

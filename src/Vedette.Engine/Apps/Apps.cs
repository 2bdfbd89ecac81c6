using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Apps;

internal sealed class Apps(Installed installed, Snapshot<AssetList> assets, AssetWrites writes, SecretSeal seal) : IApps
{
    public event Action<AssetId> AssetChanged
    {
        add => writes.Changed += value;
        remove => writes.Changed -= value;
    }

    public async ValueTask<Outcome<Done>> Register(Unit unit, Caller caller, IReadOnlyList<IConnector> connectors, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditSettings) is { } lacks)
        {
            return lacks;
        }

        await installed.Register(unit, caller, connectors, ct).ConfigureAwait(false);
        return default(Done);
    }

    public async ValueTask<Catalogue> Catalogue(CancellationToken ct)
    {
        var rows = (await assets.Read(ct).ConfigureAwait(false)).Rows;
        return new Catalogue([.. installed.All.Select(a => a.Row).OrderBy(a => a.Id)], rows);
    }

    public ValueTask<Outcome<AssetAnswer>> CreateAsset(Unit unit, Caller caller, AssetDraft draft, CancellationToken ct) =>
        writes.Create(unit, caller, draft, ct);

    public ValueTask<Outcome<AssetAnswer>> ChangeAsset(Unit unit, Caller caller, AssetId asset, AssetDraft draft, CancellationToken ct) =>
        writes.Change(unit, caller, asset, draft, ct);

    public JsonObject Masked(AssetRow asset) => AssetSecrets.Masked(asset, installed.Find(asset.AppId)?.Manifest);

    public async ValueTask<Outcome<IReadOnlyList<ActionTarget>>> Resolve(string action, IReadOnlyList<string>? names, string? app, CancellationToken ct)
    {
        var rows = (await assets.Read(ct).ConfigureAwait(false)).Rows;
        return names is { Count: > 0 } ? Named(action, names, app, rows) : Any(action, app, rows);
    }

    public WayOutScope ScopeOf(AssetRow asset) => installed.Find(asset.AppId) is { } app
        ? AssetSecrets.Scope(asset, app.Manifest)
        : new WayOutScope(asset.Name, []);

    Outcome<AssetSettings> IApps.Open(AssetRow asset) => installed.Find(asset.AppId) is { } app
        ? AssetSecrets.Open(asset, app.Manifest, seal)
        : No("unknown_app", $"Asset \"{asset.Name}\": its app is not installed.");

    void IApps.Tested(Unit unit, AssetId asset, JsonObject outcome) => writes.Tested(unit, asset, outcome);

    private Outcome<IReadOnlyList<ActionTarget>> Named(string action, IReadOnlyList<string> names, string? app, IReadOnlyList<AssetRow> rows)
    {
        List<ActionTarget> targets = [];
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var row = rows.FirstOrDefault(r => r.Name == name)
                ?? rows.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase))
                ?? (long.TryParse(name, System.Globalization.NumberStyles.None, null, out var id) ? rows.FirstOrDefault(r => r.Id == id) : null);
            if (row is null)
            {
                return No("unknown_asset", $"Asset \"{name}\" not found.");
            }

            if (row.Disabled)
            {
                return No("asset_disabled", $"Asset \"{name}\" is disabled.");
            }

            if (installed.Find(row.AppId) is not { Connector: not null, Row.Disabled: false } its)
            {
                return No("app_not_here", $"Asset \"{name}\": its app is not installed, or disabled.");
            }

            if (app is not null && !IsCalled(its, app))
            {
                return No("other_app", $"Asset \"{name}\" is of the app \"{its.Row.Name}\", not \"{app}\".");
            }

            if (Target(action, row) is not { } target)
            {
                return No("unknown_action", $"Asset \"{name}\": the app \"{its.Row.Name}\" has no action \"{action}\".");
            }

            targets.Add(target);
        }

        return targets;
    }

    private Outcome<IReadOnlyList<ActionTarget>> Any(string action, string? app, IReadOnlyList<AssetRow> rows)
    {
        var targets = rows
            .Where(row => !row.Disabled)
            .Select(row => Target(action, row))
            .OfType<ActionTarget>()
            .Where(target => app is null || IsCalled(installed.Find(target.App.Id)!, app))
            .GroupBy(target => target.App.Name, StringComparer.OrdinalIgnoreCase)
            .SelectMany(Newest)
            .OrderBy(target => target.Asset.Id)
            .ToList();
        return targets.Count > 0
            ? targets
            : No("no_asset", app is null
                ? $"No enabled asset has the action \"{action}\"."
                : $"No enabled asset of the app \"{app}\" has the action \"{action}\".");
    }

    private static IEnumerable<ActionTarget> Newest(IEnumerable<ActionTarget> ofOneName)
    {
        var all = ofOneName.ToList();
        var newest = all.Select(t => t.App.AppVersion).Aggregate((one, other) => Installed.Compare(one, other) >= 0 ? one : other);
        return all.Where(t => t.App.AppVersion == newest);
    }

    private ActionTarget? Target(string action, AssetRow row) =>
        installed.Find(row.AppId) is { Connector: { } connector, Row.Disabled: false } app && app.Manifest.Find(action) is { } found
            ? new ActionTarget(row, app.Row, connector, found)
            : null;

    private static bool IsCalled(InstalledApp app, string name) =>
        string.Equals(app.Row.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(app.Row.ProductName, name, StringComparison.OrdinalIgnoreCase);

    private static Refusal No(string code, string message) => new(RefusalKind.Invalid, code, message);
}

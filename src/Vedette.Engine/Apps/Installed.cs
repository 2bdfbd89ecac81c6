using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Sdk;

namespace Vedette.Engine.Apps;

/// <summary>The apps: their rows, manifests and code. They change at start only.</summary>
internal sealed class Installed(IStore store, TimeProvider time)
{
    private FrozenDictionary<long, InstalledApp> _apps = FrozenDictionary<long, InstalledApp>.Empty;

    public IReadOnlyCollection<InstalledApp> All => Volatile.Read(ref _apps).Values;

    public InstalledApp? Find(long id) => Volatile.Read(ref _apps).GetValueOrDefault(id);

    public InstalledApp? Find(AppChoice choice) => choice switch
    {
        { Id: { } id } => Find(id.Value),
        { Guid: { } guid } => All.FirstOrDefault(a => string.Equals(a.Row.AppGuid, guid, StringComparison.OrdinalIgnoreCase)),
        _ => All
            .Where(a => Same(a.Row.ProductVendor, choice.Vendor) && Same(a.Row.ProductName, choice.Product))
            .MaxBy(a => a, NewerLast),
    };

    /// <summary>Orders versions of an app by their numbers, as 1.10 comes after 1.9.</summary>
    public static Comparer<InstalledApp> NewerLast { get; } = Comparer<InstalledApp>.Create((one, other) => Compare(one.Row.AppVersion, other.Row.AppVersion));

    public static int Compare(string one, string other)
    {
        var (left, right) = (Numbers(one), Numbers(other));
        var at = Enumerable.Range(0, Math.Max(left.Length, right.Length)).FirstOrDefault(i => Part(left, i) != Part(right, i), -1);
        return at < 0 ? string.CompareOrdinal(one, other) : Part(left, at).CompareTo(Part(right, at));
    }

    public async ValueTask Register(Unit unit, Caller caller, IReadOnlyList<IConnector> connectors, CancellationToken ct)
    {
        var rows = (await store.Select<AppRow>(new Query(), ct).ConfigureAwait(false)).ToDictionary(r => r.AppGuid, StringComparer.Ordinal);
        var newest = connectors
            .GroupBy(c => c.Manifest.AppGuid)
            .Select(same => same.Aggregate((one, other) => Compare(one.Manifest.Version, other.Manifest.Version) >= 0 ? one : other));
        Dictionary<long, InstalledApp> apps = [];
        foreach (var connector in newest)
        {
            var guid = connector.Manifest.AppGuid.ToString();
            var row = Renew(unit, caller, rows.GetValueOrDefault(guid), connector.Manifest, guid);
            rows.Remove(guid);
            apps[row.Id] = new InstalledApp(row, connector.Manifest, connector);
        }

        // Apps whose code is gone stay: assets and old runs speak of them.
        foreach (var row in rows.Values)
        {
            apps[row.Id] = new InstalledApp(row, ManifestReader.Read(Encoding.UTF8.GetBytes(row.Manifest)), null);
        }

        var installed = apps.ToFrozenDictionary();
        unit.Afterward(() => Volatile.Write(ref _apps, installed));
    }

    private AppRow Renew(Unit unit, Caller caller, AppRow? row, Manifest manifest, string guid)
    {
        var now = time.GetUtcNow();
        var json = JsonSerializer.Serialize(manifest.Json);
        if (row is not null && row.Manifest == json)
        {
            return row;
        }

        var renewed = new AppRow
        {
            Id = row?.Id ?? store.NextId<AppRow>(),
            TenantId = row?.TenantId ?? 0,
            Version = row is null ? 1 : row.Version + 1,
            CreatedAt = row?.CreatedAt ?? now,
            UpdatedAt = now,
            AppGuid = guid,
            Name = manifest.Name,
            AppVersion = manifest.Version,
            ProductVendor = manifest.Vendor,
            ProductName = manifest.Product,
            Publisher = Text(manifest, "publisher"),
            Description = Text(manifest, "description"),
            Type = Text(manifest, "type"),
            Disabled = row?.Disabled ?? false,
            Manifest = json,
        };
        if (row is null)
        {
            unit.Insert(renewed);
        }
        else
        {
            unit.Update<AppRow>(
                row.Id,
                row.Version,
                (nameof(AppRow.Name), renewed.Name),
                (nameof(AppRow.AppVersion), renewed.AppVersion),
                (nameof(AppRow.ProductVendor), renewed.ProductVendor),
                (nameof(AppRow.ProductName), renewed.ProductName),
                (nameof(AppRow.Publisher), renewed.Publisher),
                (nameof(AppRow.Description), renewed.Description),
                (nameof(AppRow.Type), renewed.Type),
                (nameof(AppRow.Manifest), json));
        }

        unit.Audit(caller, now, row is null ? "installed" : "renewed", "app", renewed.Id, content: new JsonObject { ["name"] = renewed.Name, ["version"] = renewed.AppVersion });
        return renewed;
    }

    private static bool Same(string one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static long Part(long[] numbers, int at) => at < numbers.Length ? numbers[at] : 0;

    private static long[] Numbers(string version) =>
        [.. version.Split('.').Select(part => long.TryParse(part, out var number) ? number : 0)];

    private static string Text(Manifest manifest, string key) =>
        manifest.Json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

/// <param name="Connector">Null when the code is no longer here.</param>
internal sealed record InstalledApp(AppRow Row, Manifest Manifest, IConnector? Connector);

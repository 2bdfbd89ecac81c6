using System.Text.Json;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>What can be done, and on what.</summary>
internal static class AssetCalls
{
    public static async Task<string> GetAssets(Turn turn, JsonElement arguments)
    {
        var catalogue = await turn.Services.Apps.Catalogue();
        IEnumerable<AssetRow> assets = catalogue.Assets.Where(asset => !asset.Disabled).OrderBy(asset => asset.Id);
        if (arguments.Text("action") is { } action)
        {
            var resolved = await turn.Services.Apps.Resolve(action, null, null);
            assets = resolved.Ok(out var targets, out _) ? targets.Select(target => target.Asset) : [];
        }

        assets = Of(assets, arguments.Texts("tags"), arguments.Texts("types"));
        return JsonSerializer.Serialize(assets.Select(asset => new
        {
            id = asset.Id,
            name = asset.Name,
            description = asset.Description,
            product_name = asset.ProductName,
            product_vendor = asset.ProductVendor,
            type = asset.Type,
            tags = JsonSerializer.Deserialize<string[]>(asset.Tags),
            disabled = asset.Disabled,
        }));
    }

    /// <summary>Of the named assets, or of all that can do it, those that have one of the tags and are of one of the types; null where neither is asked for and none is named.</summary>
    public static async Task<IReadOnlyList<string>?> Chosen(Turn turn, string action, IReadOnlyList<string>? named, IReadOnlyList<string>? tags, IReadOnlyList<string>? types)
    {
        if (tags is not { Count: > 0 } && types is not { Count: > 0 })
        {
            return named;
        }

        var resolved = await turn.Services.Apps.Resolve(action, named, null);
        return resolved.Ok(out var targets, out _)
            ? [.. Of(targets.Select(target => target.Asset), tags, types).Select(asset => asset.Name)]
            : named;
    }

    private static IEnumerable<AssetRow> Of(IEnumerable<AssetRow> assets, IReadOnlyList<string>? tags, IReadOnlyList<string>? types) => assets
        .Where(asset => tags is not { Count: > 0 } || JsonSerializer.Deserialize<string[]>(asset.Tags)!.Intersect(tags, StringComparer.OrdinalIgnoreCase).Any())
        .Where(asset => types is not { Count: > 0 } || types.Contains(asset.Type, StringComparer.OrdinalIgnoreCase));

    public static async Task<string> GetApps(Turn turn, JsonElement arguments)
    {
        var catalogue = await turn.Services.Apps.Catalogue();
        IEnumerable<AppRow> apps = catalogue.Apps.Where(app => !app.Disabled).OrderBy(app => app.Id);
        if (arguments.Text("asset") is { } name)
        {
            var of = catalogue.Assets.FirstOrDefault(asset => asset.Name == name);
            apps = apps.Where(app => app.Id == of?.AppId);
        }

        if (arguments.Text("app_type") is { } type)
        {
            apps = apps.Where(app => app.Type.Equals(type, StringComparison.OrdinalIgnoreCase));
        }

        if (arguments.Text("action") is { } action)
        {
            apps = apps.Where(app => Actions(app).Contains(action, StringComparer.OrdinalIgnoreCase));
        }

        return JsonSerializer.Serialize(apps.Select(app => new
        {
            id = app.Id,
            name = app.Name,
            app_version = app.AppVersion,
            appid = app.AppGuid,
            product_name = app.ProductName,
            product_vendor = app.ProductVendor,
            publisher = app.Publisher,
            type = app.Type,
        }));
    }

    private static List<string> Actions(AppRow app)
    {
        using var manifest = JsonDocument.Parse(app.Manifest);
        return manifest.RootElement.TryGetProperty("actions", out var actions)
            ? [.. actions.EnumerateArray().Select(action => action.Text("action") ?? "")]
            : [];
    }
}

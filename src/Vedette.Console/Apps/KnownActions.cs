using System.Text.Json;
using Vedette.Console.Parts;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;

namespace Vedette.Console.Apps;

/// <summary>The actions that can be run, from the manifests of the installed apps.</summary>
internal static class KnownActions
{
    public const string TestConnectivity = "test connectivity";

    public sealed record Parameter(string Name, string Type, bool Required, string Default, IReadOnlyList<string> Contains, IReadOnlyList<string> Values, string Description, long Order);

    /// <summary>What an app can do.</summary>
    public sealed record AppAction(string Name, string Description, Reach Reach, Settling Settling, IReadOnlyList<Parameter> Parameters);

    /// <summary>What can be done on an asset.</summary>
    public sealed record Action(AssetRow Asset, AppRow App, string Name, string Description, Reach Reach, IReadOnlyList<Parameter> Parameters)
    {
        public string Key => $"{Asset.Id}/{Name}";
    }

    public static IReadOnlyList<Action> Of(Catalogue catalogue) =>
    [
        .. from asset in catalogue.Assets
           where !asset.Disabled
           let app = catalogue.Apps.FirstOrDefault(app => app.Id == asset.AppId && !app.Disabled)
           where app is not null
           from action in Of(app)
           orderby action.Name, asset.Name
           select new Action(asset, app, action.Name, action.Description, action.Reach, action.Parameters),
    ];

    public static IReadOnlyList<AppAction> Of(AppRow app)
    {
        using var manifest = JsonDocument.Parse(app.Manifest);
        return
        [
            .. manifest.RootElement.ListAt("actions")
                .Select(action => (Json: action, Name: action.TextAt("action") ?? ""))
                .Where(action => action.Name.Length > 0 && action.Name != TestConnectivity)
                .Select(action => new AppAction(action.Name, action.Json.TextAt("description") ?? "", ReachOf(action.Json), SettlingOf(action.Json), ParametersOf(action.Json))),
        ];
    }

    private static Reach ReachOf(JsonElement action) => action.TextAt("vedette", "reach") switch
    {
        "reads" => Reach.Reads,
        "records" => Reach.Records,
        "changes" => Reach.Changes,
        "destroys" => Reach.Destroys,
        _ => action.TextAt("read_only") == "true" ? Reach.Reads : Reach.Changes,
    };

    private static Settling SettlingOf(JsonElement action) => Enum.TryParse<Settling>(action.TextAt("vedette", "settling"), ignoreCase: true, out var said) ? said
        : action.TextAt("read_only") == "true" ? Settling.Reads : Settling.Unknown;

    private static List<Parameter> ParametersOf(JsonElement action) => action.At("parameters") is not { ValueKind: JsonValueKind.Object } parameters
        ? []
        : [.. parameters.EnumerateObject().Select(field => new Parameter(
            field.Name,
            field.Value.TextAt("data_type") ?? "string",
            field.Value.TextAt("required") == "true",
            field.Value.TextAt("default") ?? "",
            [.. field.Value.ListAt("contains").Select(CefText.Text)],
            [.. field.Value.ListAt("value_list").Select(CefText.Text)],
            field.Value.TextAt("description") ?? "",
            long.TryParse(field.Value.TextAt("order"), out var order) ? order : long.MaxValue)).OrderBy(parameter => parameter.Order)];
}

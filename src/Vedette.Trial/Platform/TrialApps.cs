using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Connectors;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;
using Vedette.Trial.Answers;

namespace Vedette.Trial.Platform;

/// <summary>
/// The apps and assets of a trial: the built-in apps without their settings, and for every asset that a playbook names and nobody knows
/// one that is made as it is asked for, with the action and the parameters it is asked with.
/// </summary>
internal sealed class TrialApps(IStore store, IApps apps, Func<Manifest, AnsweringConnector> connector) : IDisposable
{
    private static readonly IReadOnlyDictionary<string, Manifest> BuiltIn = BuiltInConnectors.All().ToDictionary(one => AssetName(one.Manifest), one => WithoutSettings(one.Manifest));

    private readonly Dictionary<string, JsonObject> _made = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>The built-in manifests by the asset that stands for them.</summary>
    public static IReadOnlyDictionary<string, Manifest> Manifests => BuiltIn;

    public void Dispose() => _oneAtATime.Dispose();

    public async Task Register()
    {
        await Decide(unit => apps.Register(unit, Caller.Platform, [.. BuiltIn.Values.Select(connector), .. _made.Values.Select(Made)]));
    }

    public async Task MakeAssets()
    {
        foreach (var (name, manifest) in BuiltIn)
        {
            await MakeAsset(name, manifest.AppGuid);
        }
    }

    /// <summary>Before an action is asked for: makes what it needs, so far as nobody has it.</summary>
    public async Task Prepare(JsonElement act)
    {
        if (Text(act, "action") is not { Length: > 0 } action)
        {
            return;
        }

        var app = act.TryGetProperty("app", out var named) ? named.ValueKind == JsonValueKind.Object ? Text(named, "name") : named.ValueKind == JsonValueKind.String ? named.GetString() : null : null;
        await _oneAtATime.WaitAsync();
        try
        {
            var assets = Assets(act);
            foreach (var asset in assets.Count > 0 ? assets : (IReadOnlyList<string?>)[null])
            {
                await Prepare(action, asset, app, Keys(act));
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task Prepare(string action, string? asset, string? app, IReadOnlyList<string> parameters)
    {
        var resolved = await apps.Resolve(action, asset is null ? null : [asset], app);
        if (resolved.Ok(out var targets, out _) && targets.All(target => !_made.ContainsKey(target.Asset.Name) || parameters.All(key => target.Action.Parameters.Any(one => one.Name == key))))
        {
            return;
        }

        if (asset is not null && BuiltIn.ContainsKey(asset))
        {
            return;
        }

        if (asset is not null && !_made.ContainsKey(asset) && BuiltIn.Values.FirstOrDefault(one => Names(one, asset, app)) is { } known)
        {
            await MakeAsset(asset, known.AppGuid);
            return;
        }

        var name = asset ?? app ?? action;
        var isNew = !_made.TryGetValue(name, out var manifest);
        manifest ??= _made[name] = Empty(name, app);
        Add(manifest, action, parameters);
        await Register();
        if (isNew)
        {
            await MakeAsset(name, Guid.Parse((string)manifest["appid"]!));
        }
    }

    private async Task MakeAsset(string name, Guid app) => await Decide(unit => apps.CreateAsset(unit, Caller.Platform, new AssetDraft { Name = name, App = new AppChoice(Guid: app.ToString()) }));

    private async Task Decide<T>(Func<Unit, ValueTask<Outcome<T>>> decide)
    {
        var outcome = await Units.Decide(store, async unit => await decide(unit));
        if (outcome.Refused)
        {
            throw new InvalidOperationException($"The trial platform could not be set up: {outcome.Refusal.Message}");
        }
    }

    private AnsweringConnector Made(JsonObject manifest) => connector(Read(manifest));

    private static JsonObject Empty(string name, string? app) => new()
    {
        ["appid"] = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name.ToUpperInvariant())).AsSpan(0, 16)).ToString(),
        ["name"] = app ?? name,
        ["app_version"] = "1.0.0",
        ["product_vendor"] = "made up",
        ["product_name"] = app ?? name,
        ["configuration"] = new JsonObject(),
        ["actions"] = new JsonArray(),
    };

    private static void Add(JsonObject manifest, string action, IReadOnlyList<string> parameters)
    {
        var actions = (JsonArray)manifest["actions"]!;
        if (actions.FirstOrDefault(one => string.Equals((string?)one!["action"], action, StringComparison.OrdinalIgnoreCase)) is not JsonObject known)
        {
            var reads = Verbs.Reads(action);
            known = new JsonObject
            {
                ["action"] = action, ["identifier"] = action.Replace(' ', '_'), ["read_only"] = reads, ["parameters"] = new JsonObject(), ["output"] = new JsonArray(),
                // What changes another system is answered too, as if a policy allowed it: what comes after is what a trial is for.
                ["vedette"] = new JsonObject { ["reach"] = reads ? "reads" : "records" },
            };
            actions.Add((JsonNode)known);
        }

        foreach (var key in parameters)
        {
            ((JsonObject)known["parameters"]!)[key] = new JsonObject { ["data_type"] = "any" };
        }
    }

    /// <summary>Whether an asset or app of this name is one of this manifest.</summary>
    public static bool Names(Manifest manifest, string asset, string? app)
    {
        var words = new[] { manifest.Name, manifest.Product, AssetName(manifest) }.Select(Plain).ToList();
        return app is not null ? words.Contains(Plain(app)) : words.Contains(Plain(asset));
    }

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private static string AssetName(Manifest manifest) => manifest.Name.Replace(' ', '_').ToLowerInvariant();

    private static Manifest WithoutSettings(Manifest manifest)
    {
        var json = (JsonObject)JsonNode.Parse(manifest.Json.GetRawText())!;
        json["configuration"] = new JsonObject();
        return Read(json);
    }

    private static Manifest Read(JsonObject json) => ManifestReader.Read(JsonSerializer.SerializeToUtf8Bytes(json));

    private static string? Text(JsonElement of, string key) => of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IReadOnlyList<string> Assets(JsonElement act) => !act.TryGetProperty("assets", out var assets) ? []
        : assets.ValueKind == JsonValueKind.String ? [assets.GetString()!]
        : assets.ValueKind == JsonValueKind.Array ? [.. assets.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)] : [];

    private static IReadOnlyList<string> Keys(JsonElement act) => act.TryGetProperty("parameters", out var sets) && sets.ValueKind == JsonValueKind.Array
        ? [.. sets.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object).SelectMany(one => one.EnumerateObject().Select(member => member.Name)).Where(key => key != "context").Distinct()]
        : [];
}

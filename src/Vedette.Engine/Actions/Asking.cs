using System.Text.Json;
using Vedette.Engine.Policies;
using Vedette.Model;
using Resolved = Vedette.Engine.Apps.ActionTarget;

namespace Vedette.Engine.Actions;

/// <summary>What the policy is asked about one parameter set on one asset.</summary>
internal static class Asking
{
    /// <param name="parameters">As the connector gets them.</param>
    /// <param name="known">The reach it was asked with; it is never less.</param>
    public static PolicyQuestion Of(Resolved on, JsonElement parameters, bool named, Reach known = Reach.Reads)
    {
        var said = on.Connector.ReachOf(on.Action, parameters);
        return new PolicyQuestion
        {
            Action = on.Action.Name,
            App = on.App.Name,
            Asset = on.Asset,
            Reach = (Reach)Math.Max((int)known, Math.Max((int)said, (int)on.Action.Reach)),
            AssetNamed = named,
            Parameters = parameters,
            Targets = Targets(on, parameters),
        };
    }

    /// <summary>The values of the parameters that say what they contain, such as a host name; the asset where none does.</summary>
    private static IReadOnlyList<string> Targets(Resolved on, JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            return [on.Asset.Name];
        }

        var found = on.Action.Parameters
            .Where(parameter => parameter.Contains.Count > 0 && parameters.TryGetProperty(parameter.Name, out _))
            .Select(parameter => (parameter.AllowList, Text: parameters.GetProperty(parameter.Name).ToString()))
            .SelectMany(one => one.AllowList ? one.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [one.Text.Trim()])
            .Where(text => text.Length > 0)
            .ToList();
        return found.Count > 0 ? found : [on.Asset.Name];
    }
}

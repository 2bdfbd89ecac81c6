using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>cef_metadata</c>: the standard CEF fields and what they contain.</summary>
internal sealed class CefResource(IStore store) : IResource
{
    private static readonly Shape Metadata = new Shape("CefMetadata").Needs("cef", Kind.Object, "For each standard field an object with `contains`, a list.").Needs("all_contains", Kind.Words, "All types of values that are known, those of the installed apps included.");

    public IEnumerable<Route> Routes => [Route.Get("cef_metadata", "Read the standard CEF fields and what they contain", Read) with { Needed = Permissions.ViewPickLists, Answers = Metadata }];

    private async Task<RestAnswer> Read(RestCall call)
    {
        var cef = new JsonObject();
        foreach (var (key, contains) in CefFields.Standard)
        {
            cef[key] = new JsonObject { ["contains"] = contains.Length == 0 ? new JsonArray() : new JsonArray(contains) };
        }

        var all = new SortedSet<string>(CefFields.Standard.Values.Where(contains => contains.Length > 0).Concat(CefFields.Further), StringComparer.Ordinal);
        foreach (var app in await store.Select<AppRow>(Query.For(Where.Is(nameof(AppRow.TenantId), call.Caller.TenantId)), call.Ct))
        {
            Gather(JsonNode.Parse(app.Manifest), all);
        }

        return RestAnswer.Ok(new JsonObject { ["cef"] = cef, ["all_contains"] = new JsonArray([.. all.Select(one => (JsonNode)one)]) });
    }

    /// <summary>Parameters and outputs of actions name types under <c>contains</c>, wherever they stand.</summary>
    private static void Gather(JsonNode? node, SortedSet<string> all)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map)
                {
                    if (key == "contains" && value is JsonArray types)
                    {
                        all.UnionWith(types.OfType<JsonValue>().Select(type => type.ToString()));
                    }
                    else
                    {
                        Gather(value, all);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Gather(item, all);
                }

                break;
        }
    }
}

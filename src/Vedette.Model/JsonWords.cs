using System.Text.Json;

namespace Vedette.Model;

/// <summary>JSON as people call it, for messages.</summary>
public static class JsonWords
{
    public static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        _ => "nothing",
    };
}

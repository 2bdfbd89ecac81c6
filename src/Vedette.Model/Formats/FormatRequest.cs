using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Formats;

/// <summary>What a call of <c>format</c> asks.</summary>
/// <param name="Template">Text with fields such as <c>{0}</c>, <c>{{</c> for a brace, and lines between <c>%%</c> repeated per row.</param>
/// <param name="Parameters">Datapaths; a string that is none, or any other value, stands for itself.</param>
public sealed record FormatRequest(string Template, IReadOnlyList<JsonElement> Parameters)
{
    public ScopeRequest Scope { get; init; } = ScopeRequest.OfRun;

    /// <summary>Only these artifacts; an empty list means none.</summary>
    public IReadOnlyList<long>? FilterArtifacts { get; init; }

    /// <summary>Stands between the values of one field.</summary>
    public string Separator { get; init; } = ", ";

    /// <summary>Leave out missing values, and rows in which all are missing.</summary>
    public bool DropNone { get; init; }

    /// <summary>Reads <c>["artifact:*.id", …]</c>; anything but a list is no parameter.</summary>
    public static IReadOnlyList<JsonElement> ParseParameters(JsonElement parameters)
    {
        return parameters.ValueKind == JsonValueKind.Array ? [.. parameters.EnumerateArray()] : [];
    }
}

/// <param name="Text">The whole text.</param>
/// <param name="List">The repetitions of the first <c>%%</c> block; the text alone when there is none.</param>
public sealed record Formatted(string Text, IReadOnlyList<string> List);

using System.Text.Json;
using Vedette.Console.Parts;
using Vedette.Engine.Storage;

namespace Vedette.Console.Apps;

/// <summary>What the last test of an asset's connection said.</summary>
internal sealed record LastTest(bool Passed, string Message, DateTimeOffset At, IReadOnlyList<string> Steps)
{
    /// <summary>Null when it was never tested.</summary>
    public static LastTest? Of(AssetRow asset)
    {
        var stored = JsonSerializer.Deserialize<JsonElement>(asset.LastTest);
        return stored.At("at") is { } at && at.TryGetDateTimeOffset(out var when)
            ? new LastTest(stored.TextAt("passed") == "true", stored.TextAt("message") ?? "", when, [.. stored.ListAt("steps").Select(CefText.Text)])
            : null;
    }
}

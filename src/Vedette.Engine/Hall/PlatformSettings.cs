using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Engine.Hall;

/// <summary>Settings of the platform that stand in an asset's configuration beside those of its app: numbers, each with its bounds.</summary>
internal static class PlatformSettings
{
    /// <summary>How many seconds a call of this asset may take, whatever the app says.</summary>
    public const string AnswerWithin = "answer_within_seconds";

    public const int LongestAnswer = 3600;

    public const string CallsPerInterval = "calls_per_interval";
    public const string IntervalSeconds = "interval_seconds";

    /// <summary>Of the calls of an interval, how many may leave at once.</summary>
    public const string Burst = "burst";

    /// <summary>Calls in a row that fail before the asset is left alone; 0 for never.</summary>
    public const string BreakerFailures = "breaker_failures";
    public const string BreakerPause = "breaker_pause_seconds";

    /// <summary>How old an answer may be that is given to the same question; 0 for none.</summary>
    public const string AnswersGoodFor = "answers_good_for_seconds";

    private static readonly Bounds[] All =
    [
        new(AnswerWithin, 0, LongestAnswer, Whole: false, Above: true),
        new(CallsPerInterval, 1, 100_000, Whole: true),
        new(IntervalSeconds, 0, 2_678_400, Whole: false, Above: true),
        new(Burst, 1, 100_000, Whole: true),
        new(BreakerFailures, 0, 1000, Whole: true),
        new(BreakerPause, 1, 3600, Whole: false),
        new(AnswersGoodFor, 0, 86_400, Whole: false),
    ];

    /// <summary>Takes what was posted into the settings that are kept.</summary>
    public static void Read(JsonElement posted, JsonObject plain, List<string> faults)
    {
        foreach (var bounds in All)
        {
            if (!posted.TryGetProperty(bounds.Name, out var value) || value.ValueKind is JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0))
            {
                continue;
            }

            if (Typed(value) is { } number && bounds.Hold(number))
            {
                plain[bounds.Name] = JsonValue.Create((double)number);
            }
            else
            {
                faults.Add($"\"{bounds.Name}\" is not a {bounds.Words}");
            }
        }

        if (Number(plain, CallsPerInterval) is { } calls && Number(plain, Burst) > calls)
        {
            faults.Add($"\"{Burst}\" is above \"{CallsPerInterval}\"");
        }

        foreach (var alone in new[] { IntervalSeconds, Burst }.Where(name => plain.ContainsKey(name) && !plain.ContainsKey(CallsPerInterval)))
        {
            faults.Add($"\"{alone}\" says nothing without \"{CallsPerInterval}\"");
        }
    }

    /// <summary>A setting of an asset; null where it has none.</summary>
    public static double? Number(JsonObject configuration, string name) => configuration[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    // Forms and old clients send numbers as text.
    private static decimal? Typed(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDecimal(out var number) ? number : null,
        JsonValueKind.String => decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => null,
    };

    private sealed record Bounds(string Name, decimal Least, decimal Most, bool Whole, bool Above = false)
    {
        public string Words => Above ? $"number above {Least} and up to {Most}" : $"{(Whole ? "whole number" : "number")} from {Least} to {Most}";

        public bool Hold(decimal number) => number <= Most && (Above ? number > Least : number >= Least) && (!Whole || decimal.Truncate(number) == number);
    }
}

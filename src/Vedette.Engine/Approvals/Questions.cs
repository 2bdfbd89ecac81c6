using System.Globalization;
using System.Text.Json;
using Vedette.Model;

namespace Vedette.Engine.Approvals;

/// <summary>Whether responses fit the questions: one each, of the kind that its options say.</summary>
internal static class Questions
{
    public const int Most = 100;

    private const int LongestResponse = 10_000;

    public static Refusal? Fault(JsonElement questions, IReadOnlyList<string> responses)
    {
        var asked = questions.EnumerateArray().ToList();
        if (responses.Count != asked.Count)
        {
            return Bad($"The prompt has {asked.Count} questions, and {responses.Count} responses were given.");
        }

        for (var at = 0; at < asked.Count; at++)
        {
            if (Fault(asked[at], responses[at]) is { } fault)
            {
                return Bad($"responses[{at}]: {fault}");
            }
        }

        return null;
    }

    private static string? Fault(JsonElement question, string response)
    {
        if (response.Length > LongestResponse)
        {
            return $"it has {response.Length} characters; {LongestResponse} are allowed.";
        }

        if (!question.TryGetProperty("options", out var options) || options.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        switch (Text(options, "type"))
        {
            case "list":
                string[] choices = options.TryGetProperty("choices", out var given) && given.ValueKind == JsonValueKind.Array
                    ? [.. given.EnumerateArray().Select(choice => choice.ToString())]
                    : ["Yes", "No"];
                return choices.Contains(response) ? null : $"\"{Faults.Short(response)}\" is none of: {string.Join(", ", choices)}.";
            case "range":
                var (least, most) = (Number(options, "min", 0), Number(options, "max", long.MaxValue));
                return long.TryParse(response, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                    ? null
                    : $"\"{Faults.Short(response)}\" is no whole number from {least} to {most}.";
            default:
                return null;
        }
    }

    private static Refusal Bad(string message) => new(RefusalKind.Invalid, "bad_response", message);

    private static string? Text(JsonElement options, string name) => options.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static long Number(JsonElement options, string name, long otherwise) =>
        long.TryParse(Text(options, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}

using System.Globalization;
using Vedette.Model;

namespace Vedette.Engine.Policies;

/// <summary>What a rule is about: every condition that it names has to hold, each by one of its words.</summary>
internal sealed record When
{
    /// <summary>Key of the condition to its words, in which <c>*</c> stands for anything.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Words { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public IReadOnlyList<Reach> Reach { get; init; } = [];

    /// <summary>From and to, on a clock; over midnight where the first is later.</summary>
    public (TimeOnly From, TimeOnly To)? Hours { get; init; }

    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>The conditions that are words.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["label", "severity", "event_tags", "playbook", "repository", "app", "asset", "asset_tags", "action", "target", "target_tags"];

    /// <summary>Why it does not apply, or null where it does.</summary>
    public string? WhyNot(PolicyFacts facts)
    {
        if (Reach.Count > 0 && !Reach.Contains(facts.Reach))
        {
            return $"it is not about what {PolicyWords.Does(facts.Reach)}";
        }

        foreach (var (key, words) in Words)
        {
            var values = facts.Values[key];
            if (!values.Any(value => words.Any(word => Matches(word, value))))
            {
                return values.Count == 0 ? $"there is no {key} here" : $"{key} is {string.Join(", ", values.Take(5))}";
            }
        }

        if (Days.Count > 0 && !Days.Contains(facts.Clock.DayOfWeek))
        {
            return $"it is {facts.Clock.DayOfWeek}";
        }

        if (Hours is { } hours && !TimeOnly.FromDateTime(facts.Clock).IsBetween(hours.From, hours.To))
        {
            return $"it is {facts.Clock.ToString("HH:mm", CultureInfo.InvariantCulture)}";
        }

        return null;
    }

    /// <summary>Case aside. Linear: each star is tried at the first place only where what follows it fits, as no later one could fit better.</summary>
    internal static bool Matches(string pattern, string value)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return string.Equals(pattern, value, StringComparison.OrdinalIgnoreCase);
        }

        if (value.Length < parts[0].Length + parts[^1].Length || !value.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase) || !value.EndsWith(parts[^1], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var (at, end) = (parts[0].Length, value.Length - parts[^1].Length);
        foreach (var part in parts[1..^1])
        {
            var found = value.IndexOf(part, at, end - at, StringComparison.OrdinalIgnoreCase);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return true;
    }
}

/// <summary>What rules look at, of one question.</summary>
/// <param name="Values">For each of <see cref="When.Keys"/>.</param>
/// <param name="Clock">In the time zone of the policy.</param>
internal sealed record PolicyFacts(Reach Reach, IReadOnlyDictionary<string, IReadOnlyList<string>> Values, DateTime Clock);

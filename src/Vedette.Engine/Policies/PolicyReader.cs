using System.Globalization;
using System.Text.Json;
using Vedette.Model;

namespace Vedette.Engine.Policies;

/// <summary>Reads a policy. All that is wrong is said at once; what is not known is refused, never passed over.</summary>
internal sealed class PolicyReader
{
    private const int MostRules = 500;
    private const int MostWords = 1_000;

    /// <summary>In minutes: a day, as a use is kept at least that long.</summary>
    private const int LongestCap = 1_440;

    /// <summary>In minutes: four weeks.</summary>
    private const int LongestAsk = 40_320;

    private readonly Faults _faults = new();

    private PolicyReader()
    {
    }

    public static Outcome<PolicyDocument> Read(JsonElement document)
    {
        var reader = new PolicyReader();
        var policy = reader.Document(document);
        return reader._faults.None ? policy : reader._faults.Refusal;
    }

    private PolicyDocument Document(JsonElement json)
    {
        if (!Known(json, "The policy", "level", "time_zone", "approvers", "reach", "rules", "caps", "comment"))
        {
            return new PolicyDocument();
        }

        var policy = new PolicyDocument
        {
            Level = LevelOf(json, "The policy"),
            TimeZone = Zone(Text(json, "time_zone", "The policy")),
            Approvers = Words(json, "approvers", "The policy"),
            Reach = Each(json, "reach", ReachOf),
            Rules = Each(json, "rules", Rule),
            Caps = Each(json, "caps", Cap),
        };
        Unique(policy.Rules.Select(rule => rule.Name), "rule");
        Unique(policy.Caps.Select(cap => cap.Name), "cap");
        return policy;
    }

    private ReachRule ReachOf(JsonElement json, string where)
    {
        Known(json, where, "app", "action", "reach", "comment");
        return new ReachRule(Text(json, "app", where), Needed(json, "action", where), Word<Reach>(Needed(json, "reach", where), where, "reach") ?? Reach.Destroys);
    }

    private PolicyRule Rule(JsonElement json, string where)
    {
        Known(json, where, "name", "when", "level", "never", "ask", "comment");
        var rule = new PolicyRule(Needed(json, "name", where), WhenOf(json, where))
        {
            Level = LevelOf(json, where),
            Never = Flag(json, "never", where),
            Ask = json.TryGetProperty("ask", out var ask) ? AskOf(ask, $"{where}, ask") : null,
        };
        if (rule is { Level: null, Never: false, Ask: null })
        {
            Bad($"{where} says nothing: give it a level, \"never\": true, or \"ask\".");
        }

        return rule;
    }

    private AskRule AskOf(JsonElement json, string where)
    {
        Known(json, where, "approvers", "persons", "within_minutes", "escalate");
        var within = Number(json, "within_minutes", where, 1, LongestAsk) is { } minutes ? TimeSpan.FromMinutes(minutes) : (TimeSpan?)null;
        Escalation? escalation = null;
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("escalate", out var more))
        {
            Known(more, $"{where}, escalate", "after_minutes", "to");
            escalation = new Escalation(TimeSpan.FromMinutes(Number(more, "after_minutes", $"{where}, escalate", 1, LongestAsk) ?? 1), Words(more, "to", $"{where}, escalate"));
            if (escalation.To.Count == 0)
            {
                Bad($"{where}, escalate names nobody under \"to\".");
            }
        }

        return new AskRule(Words(json, "approvers", where), (int)(Number(json, "persons", where, 1, 5) ?? 1), within, escalation);
    }

    private PolicyCap Cap(JsonElement json, string where)
    {
        Known(json, where, "name", "when", "most", "of", "per", "within_minutes", "comment");
        var within = Number(json, "within_minutes", where, 1, LongestCap);
        var cap = new PolicyCap(Needed(json, "name", where), WhenOf(json, where), Number(json, "most", where, 0, int.MaxValue) ?? 0)
        {
            OfTargets = OneOf(json, "of", where, "actions", "targets") == "targets",
            Per = Word<CapPer>(Text(json, "per", where) ?? "all", where, "per") ?? CapPer.All,
            Within = within is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
        };
        if (!json.TryGetProperty("most", out _))
        {
            Bad($"{where} has no \"most\".");
        }

        if (cap.Within is null && cap.Per != CapPer.Run)
        {
            Bad($"{where} needs \"within_minutes\"; only a cap per run goes without.");
        }

        if (cap is { OfTargets: true, Per: CapPer.Target })
        {
            Bad($"{where} counts targets per target, of which there is always one.");
        }

        if (cap.When.Reach.Contains(Reach.Reads))
        {
            Bad($"{where} is about what reads, which no cap of a policy counts; a quota of the asset limits that.");
        }

        return cap;
    }

    private When WhenOf(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("when", out var when))
        {
            return new When();
        }

        where = $"{where}, when";
        if (!Known(when, where, [.. When.Keys, "reach", "hours", "days"]))
        {
            return new When();
        }

        return new When
        {
            Words = When.Keys.Where(key => when.TryGetProperty(key, out _)).ToDictionary(key => key, key => NeededWords(when, key, where)),
            Reach = [.. Words(when, "reach", where).Select(word => Word<Reach>(word, where, "reach")).OfType<Reach>()],
            Hours = Hours(Text(when, "hours", where), where),
            Days = [.. Words(when, "days", where).Select(word => Word<DayOfWeek>(word, where, "days")).OfType<DayOfWeek>()],
        };
    }

    /// <summary>An empty list would be a condition that nothing meets, or none: which, nobody should have to guess.</summary>
    private IReadOnlyList<string> NeededWords(JsonElement json, string key, string where)
    {
        var words = Words(json, key, where);
        if (words.Count == 0)
        {
            Bad($"{where}: {key} names nothing. Leave it out, or name what it is about.");
        }

        return words;
    }

    private (TimeOnly From, TimeOnly To)? Hours(string? text, string where)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length == 2
            && TimeOnly.TryParseExact(parts[0], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
            && TimeOnly.TryParseExact(parts[1], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var to)
            && from != to)
        {
            return (from, to);
        }

        Bad($"{where}: hours is \"{Faults.Short(text)}\" and has to be two different times, such as \"20:00-06:00\".");
        return null;
    }

    private TimeZoneInfo Zone(string? name)
    {
        if (name is null || TimeZoneInfo.TryFindSystemTimeZoneById(name, out _))
        {
            return name is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(name);
        }

        Bad($"time_zone \"{Faults.Short(name)}\" is not known here; write it as in Europe/Berlin.");
        return TimeZoneInfo.Utc;
    }

    private Level? LevelOf(JsonElement json, string where) => Text(json, "level", where) is { } text ? Word<Level>(text, where, "level") : null;

    private List<T> Each<T>(JsonElement json, string key, Func<JsonElement, string, T> read)
    {
        if (!json.TryGetProperty(key, out var list))
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostRules)
        {
            Bad($"{key} has to be a list of at most {MostRules} objects.");
            return [];
        }

        return [.. list.EnumerateArray().Select((one, at) => read(one, Place(key, one, at)))];
    }

    private static string Place(string key, JsonElement one, int at) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? $"{key} \"{Faults.Short(name.GetString()!)}\"" : $"{key}[{at}]";

    private bool Known(JsonElement json, string where, params IReadOnlyList<string> keys)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Bad($"{where} has to be an object and is {JsonWords.Kind(json)}.");
            return false;
        }

        foreach (var unknown in json.EnumerateObject().Where(member => !keys.Contains(member.Name)))
        {
            Bad($"{where} has \"{Faults.Short(unknown.Name)}\", which is not known; known are: {string.Join(", ", keys)}.");
        }

        return true;
    }

    private string? Text(JsonElement json, string key, string where)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(key, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= Limits.WordLength } text)
        {
            return text;
        }

        Bad($"{where}: {key} has to be text of 1 to {Limits.WordLength} signs.");
        return null;
    }

    private string Needed(JsonElement json, string key, string where)
    {
        if (json.ValueKind == JsonValueKind.Object && !json.TryGetProperty(key, out _))
        {
            Bad($"{where} has no \"{key}\".");
        }

        return Text(json, key, where) ?? "";
    }

    /// <summary>A list of text, or a single one.</summary>
    private IReadOnlyList<string> Words(JsonElement json, string key, string where)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(key, out var value))
        {
            return [];
        }

        IReadOnlyList<JsonElement> items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Take(MostWords + 1)] : [value];
        if (items.Count <= MostWords && items.All(item => item.ValueKind == JsonValueKind.String && item.GetString() is { Length: > 0 and <= Limits.WordLength }))
        {
            return [.. items.Select(item => item.GetString()!)];
        }

        Bad($"{where}: {key} has to be a list of at most {MostWords} words of 1 to {Limits.WordLength} signs.");
        return [];
    }

    private bool Flag(JsonElement json, string key, string where)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(key, out var value))
        {
            return false;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Bad($"{where}: {key} has to be true or false.");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    private long? Number(JsonElement json, string key, string where, long least, long most)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(key, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Bad($"{where}: {key} has to be a whole number from {least} to {most}.");
        return null;
    }

    private string? OneOf(JsonElement json, string key, string where, params IReadOnlyList<string> words)
    {
        var text = Text(json, key, where);
        if (text is not null && !words.Contains(text))
        {
            Bad($"{where}: {key} is \"{Faults.Short(text)}\" and has to be one of: {string.Join(", ", words)}.");
        }

        return text;
    }

    private T? Word<T>(string text, string where, string key)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        if (names.FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } name)
        {
            return Enum.Parse<T>(name);
        }

        if (text.Length > 0)
        {
            Bad($"{where}: {key} is \"{Faults.Short(text)}\" and has to be one of: {string.Join(", ", names.Select(one => one.ToLowerInvariant()))}.");
        }

        return null;
    }

    private void Unique(IEnumerable<string> names, string what)
    {
        foreach (var twice in names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1 && same.Key.Length > 0))
        {
            Bad($"There are two {what}s \"{Faults.Short(twice.Key)}\"; each needs a name of its own.");
        }
    }

    private void Bad(string sentence) => _faults.Add("bad_policy", sentence);
}

using System.Globalization;
using System.Text.RegularExpressions;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using StorePath = Vedette.Engine.Storage.Path;

namespace Vedette.Server.Rest.Queries;

/// <summary>Turns <c>_filter_name__lookup=literal</c> into a condition, over fields the caller may read and no others.</summary>
internal sealed class Filters(Func<string, RecordType?> types, Caller caller, PickWords words)
{
    private static readonly string[] Lookups =
    [
        "exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "in", "gt", "gte", "lt", "lte", "range", "isnull", "regex", "iregex",
    ];

    private static readonly Dictionary<string, TimePart> Parts = new(StringComparer.Ordinal)
    {
        ["year"] = TimePart.Year,
        ["month"] = TimePart.Month,
        ["day"] = TimePart.Day,
        ["week_day"] = TimePart.WeekDay,
        ["hour"] = TimePart.Hour,
        ["minute"] = TimePart.Minute,
        ["second"] = TimePart.Second,
    };

    public Where Read(RecordType type, string name, string literal)
    {
        var parts = name.Trim('_').Split("__");
        var lookup = "exact";
        if (parts.Length > 1 && Lookups.Contains(parts[^1]))
        {
            lookup = parts[^1];
            parts = parts[..^1];
        }

        TimePart? part = null;
        if (parts.Length > 1 && Parts.TryGetValue(parts[^1], out var named))
        {
            part = named;
            parts = parts[..^1];
        }

        var (path, field) = Resolve(type, parts);
        return part is null ? Condition(path, field, lookup, literal)
            : field.Type == typeof(DateTimeOffset) ? OfTime(path with { Part = part }, field, lookup, literal)
            : throw new BadQueryException($"{field.Name} is no time: it has no {part.Value.ToString().ToLowerInvariant()}.");
    }

    /// <summary>A number out of a time, in UTC.</summary>
    private static Where OfTime(StorePath path, Field field, string lookup, string literal)
    {
        object Number(object? value) => Coerce.Whole(value) ?? throw new BadQueryException($"A part of {field.Name} is a whole number.");
        return lookup switch
        {
            "exact" => new Compare(path, Comparison.Equal, Number(Literals.Read(literal))),
            "in" => new Compare(path, Comparison.In, Literals.ReadList(literal).Select(Number).Cast<object?>().ToList()),
            "gt" => new Compare(path, Comparison.Greater, Number(Literals.Read(literal))),
            "gte" => new Compare(path, Comparison.GreaterOrEqual, Number(Literals.Read(literal))),
            "lt" => new Compare(path, Comparison.Less, Number(Literals.Read(literal))),
            "lte" => new Compare(path, Comparison.LessOrEqual, Number(Literals.Read(literal))),
            _ => throw new BadQueryException($"A part of {field.Name} takes exact, in, gt, gte, lt or lte, not {lookup}."),
        };
    }

    /// <summary>The column or place in JSON that a name means; a name that is no readable field is refused.</summary>
    public (StorePath Path, Field Field) Resolve(RecordType type, string[] parts)
    {
        var through = new List<(string, Type)>();
        var current = type;
        for (var at = 0; ; at++)
        {
            var field = current.Find(parts[at]) ?? throw new BadQueryException($"Cannot resolve \"{Short(parts[at])}\": {current.Name} has no such field.");
            var rest = parts[(at + 1)..];
            if (rest.Length == 0)
            {
                return (new StorePath(field.Column.Name, null, through), field);
            }

            if (field.IsJson)
            {
                return (new StorePath(field.Column.Name, rest, through), field);
            }

            current = field.To is not null && types(field.To) is { } next ? next : throw new BadQueryException($"Cannot go on from \"{Short(parts[at])}\" to \"{Short(rest[0])}\".");
            if (caller.Lacks(current.Needed) is not null || through.Count >= 3)
            {
                throw new BadQueryException($"Cannot go on from \"{Short(parts[at])}\": that is not for this user, or too far.");
            }

            through.Add((field.Column.Name, current.Row));
        }
    }

    private Where Condition(StorePath path, Field field, string lookup, string literal)
    {
        switch (lookup)
        {
            case "isnull":
                return new Compare(path, Comparison.IsNull, Truth(Literals.Read(literal)));
            case "in":
                return new Compare(path, Comparison.In, Literals.ReadList(literal).SelectMany(value => Values(path, field, value)).ToList());
            case "range":
                var ends = Literals.ReadList(literal);
                return ends.Count == 2
                    ? new Compare(path, Comparison.GreaterOrEqual, Coerced(path, field, ends[0])) & new Compare(path, Comparison.LessOrEqual, Coerced(path, field, ends[1]))
                    : throw new BadQueryException("range takes a list of two values.");
        }

        var read = Literals.Read(literal);
        if (lookup == "contains" && field.IsJson && path.Json is null && read is IReadOnlyList<object?> all)
        {
            return new AllOf([.. all.Select(one => (Where)new Compare(path, Comparison.Contains, Single(field, one)))]);
        }

        if (lookup == "exact")
        {
            return Exact(path, field, read);
        }

        var comparison = lookup switch
        {
            "iexact" => Comparison.EqualIgnoreCase,
            "contains" => Comparison.Contains,
            "icontains" => Comparison.ContainsIgnoreCase,
            "startswith" => Comparison.StartsWith,
            "istartswith" => Comparison.StartsWithIgnoreCase,
            "endswith" => Comparison.EndsWith,
            "iendswith" => Comparison.EndsWithIgnoreCase,
            "gt" => Comparison.Greater,
            "gte" => Comparison.GreaterOrEqual,
            "lt" => Comparison.Less,
            "lte" => Comparison.LessOrEqual,
            "regex" => Comparison.Matches,
            _ => Comparison.MatchesIgnoreCase,
        };
        if (comparison is Comparison.Matches or Comparison.MatchesIgnoreCase)
        {
            CheckPattern(Coerce.Text(read));
        }

        var ordered = comparison is Comparison.Greater or Comparison.GreaterOrEqual or Comparison.Less or Comparison.LessOrEqual;
        return new Compare(path, comparison, ordered ? Coerced(path, field, read) : Coerce.Text(read));
    }

    /// <summary>Said here, with the reason: a pattern that cannot be run in linear time is not run at all.</summary>
    private static void CheckPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new BadQueryException($"The regular expression cannot be used (look-around and back-references cannot be run in linear time): {exception.Message}", exception);
        }
    }

    private Where Exact(StorePath path, Field field, object? read)
    {
        if (read is null)
        {
            return new Compare(path, Comparison.IsNull, true);
        }

        if (field.IsJson && path.Json is null)
        {
            return new Compare(path, Comparison.Equal, read is IReadOnlyList<object?> list ? System.Text.Json.JsonSerializer.Serialize(list) : Coerce.Text(read));
        }

        var values = Values(path, field, read).ToList();
        return values.Count == 1 ? new Compare(path, Comparison.Equal, values[0]) : new Compare(path, Comparison.In, values);
    }

    /// <summary>In JSON a number may have been sent as text and the other way round: both are meant.</summary>
    private IEnumerable<object?> Values(StorePath path, Field field, object? read)
    {
        if (path.Json is null)
        {
            return [Coerced(path, field, read)];
        }

        return read switch
        {
            string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => [text, number],
            long number => [number, number.ToString(CultureInfo.InvariantCulture)],
            _ => [Single(field, read)],
        };
    }

    private object? Coerced(StorePath path, Field field, object? read) => path.Json is not null ? Single(field, read) : Coerce.To(field, words.Named(field, read));

    private static object? Single(Field field, object? read) => read is IReadOnlyList<object?> ? throw new BadQueryException($"{field.Name} takes one value here, not a list.") : read;

    private static bool Truth(object? value) => value switch
    {
        bool truth => truth,
        string text => text.Equals("true", StringComparison.OrdinalIgnoreCase),
        long number => number != 0,
        _ => true,
    };

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}

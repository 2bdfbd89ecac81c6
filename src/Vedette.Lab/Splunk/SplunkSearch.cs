using System.Globalization;
using System.Text.RegularExpressions;

namespace Vedette.Lab.Splunk;

/// <summary>A search that cannot be parsed or carried out; the message is what Splunk would say.</summary>
internal sealed class SearchFault(string message) : Exception(message);

internal sealed record SearchCommand(string Name, string Arguments);

/// <summary>A pipeline: which commands it has, and what it yields. A command Splunk knows but the lab does not carry out fails the job.</summary>
internal sealed partial class SplunkSearch
{
    private static readonly string[] CarriedOut =
        ["search", "makeresults", "head", "tail", "table", "fields", "dedup", "sort", "stats", "rename", "reverse"];

    private static readonly string[] KnownOnly =
    [
        "abstract", "append", "bin", "bucket", "chart", "collect", "convert", "datamodel", "eval", "eventstats", "fillnull", "from",
        "inputlookup", "iplocation", "join", "lookup", "loadjob", "makemv", "mvexpand", "outputlookup", "rare", "regex", "rest", "rex", "spath",
        "streamstats", "timechart", "top", "transaction", "tstats", "where", "map", "metadata", "savedsearch", "sendalert", "xyseries",
    ];

    private const int MostMade = 100_000;

    private SplunkSearch(List<SearchCommand> commands) => Commands = commands;

    internal IReadOnlyList<SearchCommand> Commands { get; }

    internal bool NeverEnds => Commands[0].Arguments.Contains("index=lab_never_ends", StringComparison.Ordinal);

    internal static SplunkSearch Parse(string text)
    {
        var commands = new List<SearchCommand>();
        foreach (var part in Pipes(text.Trim()))
        {
            var words = part.Trim().Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            var name = words[0].ToLowerInvariant();
            if (!CarriedOut.Contains(name) && !KnownOnly.Contains(name))
            {
                throw new SearchFault($"Unknown search command '{words[0]}'.");
            }

            commands.Add(new(name, words.Length > 1 ? words[1].Trim() : ""));
        }

        if (commands.Count == 0)
        {
            throw new SearchFault("Invalid query.");
        }

        if (commands[0].Name == "search")
        {
            SearchTerms.Read(commands[0].Arguments, DateTimeOffset.UnixEpoch);
        }

        return new(commands);
    }

    private static IEnumerable<SplunkRow> Made(string arguments, DateTimeOffset now) => Enumerable.Repeat(
        new SplunkRow().With("_time", SplunkEvents.Stamp(now)), Count().Match(arguments) is { Success: true } count ? Math.Min(int.Parse(count.Groups[1].ValueSpan, CultureInfo.InvariantCulture), MostMade) : 1);

    internal List<SplunkRow> Run(IReadOnlyList<SplunkRow> events, DateTimeOffset? earliest, DateTimeOffset? latest, DateTimeOffset now)
    {
        if (Commands[0].Arguments.Contains("index=lab_fails", StringComparison.Ordinal))
        {
            throw new SearchFault("The search job has failed due to an error. You may be able view the job in the Job Inspector.");
        }

        IEnumerable<SplunkRow> rows = events.Where(row => SearchTerms.TimeOf(row) is var at && (earliest is null || at >= earliest) && (latest is null || at < latest));
        foreach (var (name, arguments) in Commands)
        {
            rows = name switch
            {
                "search" => rows.Where(row => SearchTerms.Read(arguments, now)(row)).ToList(),
                "makeresults" => Made(arguments, now),
                "head" => rows.Take(Number(arguments, 10)),
                "tail" => rows.Reverse().Take(Number(arguments, 10)),
                "reverse" => rows.Reverse(),
                "table" => Keep(rows, Names(arguments)),
                "fields" => Fields(rows, arguments),
                "dedup" => Distinct(rows, Names(arguments)),
                "sort" => Sort(rows, Names(arguments)),
                "rename" => Rename(rows, arguments),
                "stats" => Stats(rows, arguments),
                _ => throw new SearchFault($"Error in '{name}' command: the lab knows this command but does not carry it out."),
            };
        }

        return [.. rows];
    }

    private static IEnumerable<string> Pipes(string text)
    {
        var start = 0;
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
            {
                quoted = !quoted;
            }
            else if (text[i] == '|' && !quoted)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }

    private static int Number(string text, int otherwise) =>
        int.TryParse(text.Replace("limit=", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;

    private static string[] Names(string text) =>
        [.. text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim('"'))];

    private static IEnumerable<SplunkRow> Keep(IEnumerable<SplunkRow> rows, string[] names) => rows.Select(row =>
        names.Aggregate(new SplunkRow(), (kept, name) => kept.With(name, row.Values(name))));

    private static IEnumerable<SplunkRow> Fields(IEnumerable<SplunkRow> rows, string arguments)
    {
        var names = Names(arguments);
        if (names is not ["-", ..])
        {
            // Internal fields stay unless they are named to go.
            return Keep(rows, [.. new[] { "_time", "_raw" }.Concat(names.Where(name => name is not ("+" or "_time" or "_raw")))]);
        }

        return rows.Select(row => row.Fields.Where(field => !names.Contains(field.Key))
            .Aggregate(new SplunkRow(), (kept, field) => kept.With(field.Key, field.Value)));
    }

    private static IEnumerable<SplunkRow> Distinct(IEnumerable<SplunkRow> rows, string[] names) =>
        rows.DistinctBy(row => string.Join('\u001f', names.Select(row.First)));

    private static IEnumerable<SplunkRow> Sort(IEnumerable<SplunkRow> rows, string[] names)
    {
        var sorted = rows.Order(Comparer<SplunkRow>.Create((left, right) =>
        {
            foreach (var name in names.Where(name => !name.All(char.IsAsciiDigit)))
            {
                var order = SearchTerms.Compare(left.First(name.TrimStart('-', '+')), right.First(name.TrimStart('-', '+')));
                if (order != 0)
                {
                    return name[0] == '-' ? -order : order;
                }
            }

            return 0;
        }));
        return names is [var limit, ..] && limit.All(char.IsAsciiDigit) && Number(limit, 0) is > 0 and var most ? sorted.Take(most) : sorted;
    }

    private static IEnumerable<SplunkRow> Rename(IEnumerable<SplunkRow> rows, string arguments)
    {
        var names = RenamePair().Matches(arguments).ToDictionary(pair => pair.Groups[1].Value.Trim('"'), pair => pair.Groups[2].Value.Trim('"'));
        return rows.Select(row => row.Fields.Aggregate(new SplunkRow(),
            (renamed, field) => renamed.With(names.GetValueOrDefault(field.Key, field.Key), field.Value)));
    }

    private static List<SplunkRow> Stats(IEnumerable<SplunkRow> rows, string arguments)
    {
        var halves = ByWord().Split(arguments, 2);
        var by = halves.Length > 1 ? Names(halves[1]) : [];
        var functions = StatsFunction().Matches(halves[0]);
        if (functions.Count == 0)
        {
            throw new SearchFault("Error in 'stats' command: The argument is invalid.");
        }

        var groups = rows.Where(row => by.All(name => row.Values(name).Length > 0)).GroupBy(row => string.Join('\u001f', by.Select(row.First))).ToList();
        if (groups.Count == 0 && by.Length == 0)
        {
            return [new SplunkRow().With("count", "0")];
        }

        return [.. groups.OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
        {
            var result = by.Aggregate(new SplunkRow(), (made, name) => made.With(name, group.First().First(name)));
            foreach (Match function in functions)
            {
                var field = function.Groups["field"].Value;
                var name = function.Groups["as"] is { Success: true } given ? given.Value.Trim('"')
                    : field.Length > 0 ? $"{function.Groups["name"].Value}({field})" : "count";
                result.With(name, Aggregate(function.Groups["name"].Value, field, [.. group]));
            }

            return result;
        })];
    }

    private static string[] Aggregate(string function, string field, List<SplunkRow> rows)
    {
        var values = rows.SelectMany(row => row.Values(field)).ToList();
        static double Amount(string text) => double.TryParse(text, CultureInfo.InvariantCulture, out var amount) ? amount : 0;
        static string[] Text(double number) => [number.ToString(CultureInfo.InvariantCulture)];
        return function switch
        {
            "count" => Text(field.Length == 0 ? rows.Count : values.Count),
            "dc" => Text(values.Distinct().Count()),
            "sum" => Text(values.Sum(Amount)),
            "values" => [.. values.Distinct().Order(StringComparer.Ordinal)],
            "min" => values.Count == 0 ? [] : [values.Min(Comparer<string>.Create(SearchTerms.Compare))!],
            "max" => values.Count == 0 ? [] : [values.Max(Comparer<string>.Create(SearchTerms.Compare))!],
            _ => throw new SearchFault($"Error in 'stats' command: the lab does not carry out '{function}'."),
        };
    }

    [GeneratedRegex("""(\S+)\s+as\s+("[^"]*"|[^\s,]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex RenamePair();

    [GeneratedRegex(@"(?:^|\s)by\s", RegexOptions.IgnoreCase)]
    private static partial Regex ByWord();

    [GeneratedRegex(@"\bcount=(\d{1,6})\b")]
    private static partial Regex Count();

    [GeneratedRegex("""(?<name>[a-z]+)(?:\((?<field>[^)]*)\))?(?:\s+as\s+(?<as>"[^"]*"|[^\s,]+))?""", RegexOptions.IgnoreCase)]
    private static partial Regex StatsFunction();
}

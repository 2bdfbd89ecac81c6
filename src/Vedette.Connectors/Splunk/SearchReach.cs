using System.Text;
using Vedette.Model;

namespace Vedette.Connectors.Splunk;

/// <summary>
/// How far a search reaches, by its commands. One that is not known to read counts as changing: apps of Splunk bring commands of their own,
/// and a macro or a saved search can hold any.
/// </summary>
internal static class SearchReach
{
    /// <summary>They start programs, or delete.</summary>
    private static readonly HashSet<string> Destroying = new(StringComparer.OrdinalIgnoreCase) { "delete", "script", "run", "runshellscript" };

    /// <summary>They write, send, or run a search nobody sees here.</summary>
    private static readonly HashSet<string> Changing = new(StringComparer.OrdinalIgnoreCase)
    {
        "collect", "stash", "mcollect", "meventcollect", "outputlookup", "outputcsv", "outputtext", "dump", "tscollect", "sendemail", "sendalert", "crawl", "map", "savedsearch", "summaryindex", "sichart",
        "sirare", "sistats", "sitimechart", "sitop", "overlap", "createrss", "audit", "fit", "deletemodel", "snowincident", "snowevent",
    };

    private static readonly HashSet<string> Reading = new(StringComparer.OrdinalIgnoreCase)
    {
        "abstract", "accum", "addcoltotals", "addinfo", "addtotals", "analyzefields", "anomalies", "anomalousvalue", "anomalydetection", "append", "appendcols", "appendpipe", "arules", "associate", "autoregress",
        "bin", "bucket", "bucketdir", "chart", "cluster", "cofilter", "concurrency", "contingency", "convert", "correlate", "datamodel", "dbinspect", "dedup", "delta", "diff", "erex", "eval", "eventcount",
        "eventstats", "extract", "kv", "fieldformat", "fields", "fieldsummary", "filldown", "fillnull", "findtypes", "folderize", "foreach", "format", "gauge", "gentimes", "geom", "geomfilter", "geostats",
        "head", "highlight", "history", "iconify", "inputcsv", "inputlookup", "iplocation", "join", "kmeans", "kvform", "loadjob", "localize", "localop", "lookup", "makecontinuous", "makemv", "makeresults",
        "mcatalog", "metadata", "metasearch", "mpreview", "mstats", "multikv", "multisearch", "mvcombine", "mvexpand", "nomv", "outlier", "predict", "rangemap", "rare", "regex", "relevancy", "reltime",
        "rename", "replace", "require", "rest", "return", "reverse", "rex", "rtorder", "search", "searchtxn", "selfjoin", "set", "setfields", "sort", "spath", "stats", "strcat", "streamstats", "table", "tags",
        "tail", "timechart", "timewrap", "tojson", "top", "transaction", "transpose", "trendline", "tstats", "typeahead", "typelearner", "typer", "union", "uniq", "untable", "walklex", "where", "x11",
        "xmlkv", "xmlunescape", "xpath", "xyseries",
    };

    /// <param name="command">What stands before the query; empty for search.</param>
    public static Reach Of(string command, string query)
    {
        var text = command.Length > 0 ? $"| {command} {query}" : query;
        var (open, quoted, hides) = Split(text);
        var reach = hides ? Reach.Changes : Reach.Reads;
        foreach (var name in Commands(open))
        {
            reach = Max(reach, Destroying.Contains(name) ? Reach.Destroys : Reading.Contains(name) ? Reach.Reads : Reach.Changes);
        }

        // In quotes a bar is mostly part of a pattern; a command that is known to write is not taken for one.
        foreach (var name in quoted.SelectMany(Commands))
        {
            reach = Max(reach, Destroying.Contains(name) ? Reach.Destroys : Changing.Contains(name) ? Reach.Changes : Reach.Reads);
        }

        return reach;
    }

    private static Reach Max(Reach one, Reach other) => one > other ? one : other;

    /// <summary>The text outside quotes, without comments; each text in quotes; and whether a macro stands in it.</summary>
    private static (string Open, List<string> Quoted, bool Hides) Split(string text)
    {
        var open = new StringBuilder();
        var quoted = new List<string>();
        var hides = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (text.AsSpan(at).StartsWith("```"))
            {
                // A comment that does not end hides the rest, and so does what a version of Splunk without comments takes for macros.
                var end = text.IndexOf("```", at + 3, StringComparison.Ordinal);
                hides |= end < 0;
                quoted.Add(end < 0 ? text[at..] : text[(at + 3)..end]);
                at = end < 0 ? text.Length : end + 2;
                open.Append(' ');
            }
            else if (text[at] == '`')
            {
                hides = true;
                open.Append(' ');
            }
            else if (text[at] == '"')
            {
                var inside = new StringBuilder();
                for (at++; at < text.Length && text[at] != '"'; at++)
                {
                    if (text[at] == '\\' && at + 1 < text.Length)
                    {
                        at++;
                    }

                    inside.Append(text[at]);
                }

                quoted.Add(inside.ToString());
                open.Append(" \"\" ");
            }
            else
            {
                open.Append(text[at]);
            }
        }

        return (open.ToString(), quoted, hides);
    }

    /// <summary>The words behind each bar and at the head of each subsearch.</summary>
    private static IEnumerable<string> Commands(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is not ('|' or '['))
            {
                continue;
            }

            var start = at + 1;
            while (start < text.Length && (char.IsWhiteSpace(text[start]) || char.IsControl(text[start])))
            {
                start++;
            }

            var end = start;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '.'))
            {
                end++;
            }

            if (end > start)
            {
                yield return text[start..end];
            }
        }
    }
}

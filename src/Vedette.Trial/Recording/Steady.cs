using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vedette.Trial.Recording;

/// <summary>
/// What of a value will be the same in the next run. Times while the run went, ids that it drew, and addresses of this event are another each time; what was given with the
/// event or by an answer comes again.
/// </summary>
/// <param name="container">The number of the event.</param>
/// <param name="from">No time of the run is earlier.</param>
/// <param name="until">No time of the run is later.</param>
/// <param name="given">All that came in, as JSON.</param>
internal sealed partial class Steady(string container, DateTimeOffset from, DateTimeOffset until, string given)
{
    /// <summary>Shorter pieces say nothing.</summary>
    private const int ShortestPiece = 4;

    /// <summary>In place of the event's number, as a trial puts it back.</summary>
    public string WithEvent(string key) => Regex.Replace(key, $@"(?<![0-9]){container}(?![0-9])", "{event}");

    /// <summary>
    /// A value to expect: text with something unsteady in it becomes a regular expression of its longest steady piece, a value that is nothing but unsteady is left out of
    /// its object. Null where nothing is left.
    /// </summary>
    public JsonNode? Value(JsonNode? value) => value switch
    {
        JsonObject keys => new JsonObject(keys.Select(one => (one.Key, Was: one.Value, Is: Value(one.Value))).Where(one => one.Was is null || one.Is is not null).Select(one => KeyValuePair.Create(one.Key, one.Is))),
        // Lists are compared item by item: one that holds something unsteady cannot be.
        JsonArray items => items.Any(item => item is not null && !JsonNode.DeepEquals(Value(item), item)) ? null : items.DeepClone(),
        JsonValue text when text.TryGetValue<string>(out var whole) => Text(whole),
        _ => value?.DeepClone(),
    };

    /// <summary>The lines of a text that are steady, those that stand together as one.</summary>
    public IEnumerable<string> Stretches(string text)
    {
        var together = new List<string>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Append(null))
        {
            if (line is not null && Unsteady(line).Count == 0)
            {
                together.Add(line);
                continue;
            }

            var stretch = string.Join('\n', together).Trim('\n');
            together.Clear();
            if (stretch.Trim().Length >= ShortestPiece && !(stretch.StartsWith('/') && stretch.EndsWith('/')))
            {
                yield return stretch;
            }
        }
    }

    private JsonValue? Text(string text)
    {
        if (text == NamedSecrets.Instead)
        {
            return null;
        }

        var unsteady = Unsteady(text);
        if (unsteady.Count == 0)
        {
            // Between slashes it would be read as a regular expression.
            return JsonValue.Create(text.Length > 1 && text.StartsWith('/') && text.EndsWith('/') ? $"/^{Literally(text)}$/" : text);
        }

        var (pieces, at) = (new List<string>(), 0);
        foreach (var one in unsteady)
        {
            pieces.Add(text[at..one.Index]);
            at = one.Index + one.Length;
        }

        pieces.Add(text[at..]);
        var longest = pieces.SelectMany(piece => piece.Split('\n')).MaxBy(piece => piece.Trim().Length)!.Trim();
        return longest.Length < ShortestPiece ? null : JsonValue.Create($"/{Literally(longest)}/");
    }

    private List<Match> Unsteady(string text) =>
    [
        .. Times().Matches(text).Where(time => InTheRun(time.Value))
            .Concat(DrawnIds().Matches(text))
            .Where(one => !given.Contains(one.Value, StringComparison.Ordinal))
            .Concat(Regex.Matches(text, $@"(https?://[^\s/]+)?/mission/{container}(?![0-9])|(?i:event|container|incident|case|run)\s+#?{container}(?![0-9])"))
            .OrderBy(one => one.Index),
    ];

    private bool InTheRun(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time >= from.AddMinutes(-1) && time <= until.AddMinutes(1);

    private static string Literally(string text) => Signs().Replace(text, @"\$0");

    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?")]
    private static partial Regex Times();

    [GeneratedRegex("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")]
    private static partial Regex DrawnIds();

    [GeneratedRegex(@"[\\.^$|?*+()\[\]{}]")]
    private static partial Regex Signs();
}

using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Vedette.Engine.Storage;

namespace Vedette.Console.Runs;

/// <summary>What of all runs is listed, as it stands in the address. What cannot be read filters nothing.</summary>
/// <param name="Status">A state of runs, or <c>open</c> for those that have not ended; null for all.</param>
/// <param name="After">The number of the last run of the page before: the next page begins behind it (keyset).</param>
internal sealed record RunFilter(string? Status = null, long? Playbook = null, long? Event = null, long? After = null)
{
    public static IReadOnlyList<(string Name, string? Status)> Statuses { get; } =
        [("All", null), ("Open", "open"), ("Queued", "pending"), ("Running", "running"), ("Succeeded", "success"), ("Failed", "failed"), ("Cancelled", "cancelled")];

    public static RunFilter Parse(string? status, string? playbook, string? about, string? after) =>
        new(Statuses.Select(known => known.Status).FirstOrDefault(known => known is not null && known == status), Number(playbook), Number(about), Number(after));

    public Where Condition
    {
        get
        {
            var where = Status switch
            {
                null => Where.All,
                "open" => Where.In(nameof(PlaybookRunRow.Status), ["pending", "running"]),
                _ => Where.Is(nameof(PlaybookRunRow.Status), Status),
            };
            where = Playbook is { } playbook ? where & Where.Is(nameof(PlaybookRunRow.PlaybookId), playbook) : where;
            return Event is { } about ? where & Where.Is(nameof(PlaybookRunRow.ContainerId), about) : where;
        }
    }

    public Where Behind => After is { } after ? new Compare("Id", Comparison.Less, after) : Where.All;

    public string Url
    {
        get
        {
            var terms = new Dictionary<string, string?> { ["status"] = Status, ["playbook"] = Text(Playbook), ["event"] = Text(Event), ["after"] = Text(After) };
            return QueryHelpers.AddQueryString("/runs", terms.Where(term => term.Value is not null));
        }
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}

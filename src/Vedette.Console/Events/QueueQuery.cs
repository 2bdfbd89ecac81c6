using System.Globalization;
using Vedette.Console.Reading;
using Vedette.Engine.Storage;

namespace Vedette.Console.Events;

/// <summary>From a filter to a condition on rows. What names nobody or nothing finds nothing, and is no mistake.</summary>
internal sealed class QueueQuery(Reader reader, People people, TimeProvider time)
{
    /// <summary>Events that one value, waiting question or failed run may name: more would be no filter any more.</summary>
    private const int MostNamed = 500;

    /// <param name="me">The number of who asks.</param>
    public async Task<Where> Condition(QueueFilter filter, long me)
    {
        var where = Where.All;
        foreach (var token in filter.Tokens)
        {
            var one = await Of(token, me);
            where &= token.Not ? !one : one;
        }

        return where;
    }

    private async Task<Where> Of(QueueFilter.Token token, long me)
    {
        var alternatives = new List<Where>();
        foreach (var value in token.Values)
        {
            alternatives.Add(token.Field switch
            {
                "status" => new Compare(nameof(ContainerRow.Status), Comparison.EqualIgnoreCase, value),
                "severity" => new Compare(nameof(ContainerRow.Severity), Comparison.EqualIgnoreCase, value),
                "label" => new Compare(nameof(ContainerRow.Label), Comparison.EqualIgnoreCase, value),
                "type" => new Compare(nameof(ContainerRow.ContainerType), Comparison.EqualIgnoreCase, value.Equals("event", StringComparison.OrdinalIgnoreCase) ? "default" : value),
                "tag" => new Compare(nameof(ContainerRow.Tags), Comparison.Contains, value),
                "id" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Where.Is("Id", id) : None,
                "owner" => await Owner(value, me),
                "age" => Age(value),
                "is" => await State(value),
                "value" => await Seen(value),
                _ => new Compare(nameof(ContainerRow.Name), Comparison.ContainsIgnoreCase, value) | new Compare(nameof(ContainerRow.Description), Comparison.ContainsIgnoreCase, value),
            });
        }

        return alternatives.Count == 1 ? alternatives[0] : new AnyOf(alternatives);
    }

    private static Where None { get; } = new AnyOf([]);

    private async Task<Where> Owner(string value, long me)
    {
        switch (value.ToLowerInvariant())
        {
            case "me":
                return Where.Is(nameof(ContainerRow.OwnerId), me);
            case "nobody" or "none":
                return new Compare(nameof(ContainerRow.OwnerId), Comparison.IsNull, true);
            default:
                var named = (await people.Users()).Values.Where(user => user.Username.Equals(value, StringComparison.OrdinalIgnoreCase) || People.NameOf(user).Equals(value, StringComparison.OrdinalIgnoreCase)).Select(user => (object?)user.Id);
                return Where.In(nameof(ContainerRow.OwnerId), named);
        }
    }

    /// <summary><c>&lt;2h</c> is younger than two hours, <c>&gt;1d</c> older than a day; units are m, h and d.</summary>
    private Where Age(string value)
    {
        if (value.Length < 3 || value[0] is not ('<' or '>') || !double.TryParse(value.AsSpan(1, value.Length - 2), CultureInfo.InvariantCulture, out var number) || number is < 0 or > 100_000)
        {
            return None;
        }

        TimeSpan? span = value[^1] switch { 'm' => TimeSpan.FromMinutes(number), 'h' => TimeSpan.FromHours(number), 'd' => TimeSpan.FromDays(number), _ => null };
        return span is { } age ? new Compare(nameof(ContainerRow.CreatedAt), value[0] == '<' ? Comparison.GreaterOrEqual : Comparison.Less, time.GetUtcNow() - age) : None;
    }

    private async Task<Where> State(string value) => value.ToLowerInvariant() switch
    {
        "overdue" => new Compare(nameof(ContainerRow.DueTime), Comparison.Less, time.GetUtcNow()) & new Compare(nameof(ContainerRow.CloseTime), Comparison.IsNull, true),
        "case" => Where.Is(nameof(ContainerRow.ContainerType), "case"),
        "storm" => new Compare(nameof(ContainerRow.AlertCount), Comparison.Greater, 1L),
        "waiting" => Where.In("Id", (await reader.SelectIfAllowed<PromptRow>(new Query { Where = Where.Is(nameof(PromptRow.Status), "pending"), Limit = MostNamed })).Select(prompt => (object?)prompt.ContainerId).Distinct()),
        "failed" => Where.In("Id", (await reader.SelectIfAllowed<PlaybookRunRow>(new Query { Where = Where.Is(nameof(PlaybookRunRow.Status), "failed"), Order = [("Id", true)], Limit = MostNamed })).Select(run => (object?)run.ContainerId).Distinct()),
        _ => None,
    };

    private async Task<Where> Seen(string value)
    {
        var indicators = await reader.SelectIfAllowed<IndicatorRow>(new Query { Where = Where.Is(nameof(IndicatorRow.Value), value), Limit = 10 });
        if (indicators.Count == 0)
        {
            return None;
        }

        var seen = await reader.SelectIfAllowed<IndicatorArtifactRow>(new Query { Where = Where.In(nameof(IndicatorArtifactRow.IndicatorId), indicators.Select(row => (object?)row.Id)), Order = [("Id", true)], Limit = MostNamed });
        return Where.In("Id", seen.Select(row => (object?)row.ContainerId).Distinct());
    }
}

using System.Globalization;
using Vedette.Engine.Storage;

namespace Vedette.Console.Events;

/// <summary>
/// The order of the queue, and how its next page is found: by the place of the last row (keyset), so page 1,000 costs what page 1 does
/// and a row that comes in between moves nothing.
/// </summary>
/// <param name="Column">A word of <see cref="Columns"/>.</param>
public sealed record QueueSort(string Column, bool Descending)
{
    /// <summary>What can be sorted by: the word in the address to the column.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["id"] = "Id",
        ["name"] = nameof(ContainerRow.Name),
        ["label"] = nameof(ContainerRow.Label),
        ["status"] = nameof(ContainerRow.Status),
        ["age"] = nameof(ContainerRow.CreatedAt),
        ["sla"] = nameof(ContainerRow.DueTime),
        ["artifacts"] = nameof(ContainerRow.ArtifactCount),
    };

    public static IReadOnlyCollection<string> Columns => Known.Keys;

    public static QueueSort Newest { get; } = new("id", true);

    /// <summary><c>sla</c> or, the other way round, <c>-sla</c>; what is not known is the newest first.</summary>
    public static QueueSort Parse(string? text)
    {
        var descending = text is ['-', ..];
        var column = descending ? text![1..] : text ?? "";
        return Known.ContainsKey(column) ? new QueueSort(column, descending) : Newest;
    }

    public override string ToString() => (Descending ? "-" : "") + Column;

    public IReadOnlyList<(Engine.Storage.Path By, bool Descending)> Order => Column == "id" ? [("Id", Descending)] : [(Known[Column], Descending), ("Id", true)];

    /// <summary>Where the row stands, to go on behind it.</summary>
    public string PlaceOf(ContainerRow row) => $"{row.Id}|{Value(row) switch { DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture), null => "", var value => Convert.ToString(value, CultureInfo.InvariantCulture) }}";

    /// <summary>Rows behind a place; all when it cannot be read.</summary>
    public Where Behind(string? place)
    {
        var parts = (place ?? "").Split('|', 2);
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return Where.All;
        }

        if (Column == "id")
        {
            return new Compare("Id", Descending ? Comparison.Less : Comparison.Greater, id);
        }

        var column = Known[Column];
        var later = new Compare("Id", Comparison.Less, id);
        var isNull = new Compare(column, Comparison.IsNull, true);
        if (parts[1].Length == 0)
        {
            // SQLite puts what is empty first, and last the other way round.
            return Descending ? isNull & later : (isNull & later) | !isNull;
        }

        object? value = Column switch
        {
            "age" or "sla" => long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            "artifacts" => long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ => parts[1],
        };
        if (value is null)
        {
            return Where.All;
        }

        var beyond = new Compare(column, Descending ? Comparison.Less : Comparison.Greater, value) | (Where.Is(column, value) & later);
        return Descending ? beyond | isNull : beyond;
    }

    private object? Value(ContainerRow row) => Column switch
    {
        "id" => row.Id,
        "name" => row.Name,
        "label" => row.Label,
        "status" => row.Status,
        "age" => row.CreatedAt,
        "sla" => row.DueTime,
        _ => row.ArtifactCount,
    };
}

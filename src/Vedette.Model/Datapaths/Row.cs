using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>One row of values, with where it came from.</summary>
internal sealed class Row(int root, JsonElement[] cells)
{
    public int Root { get; } = root;

    public JsonElement[] Cells { get; } = cells;

    /// <summary>How many columns have no row at all here, as an input that is absent or an empty list.</summary>
    public int Vanished { get; set; }

    /// <summary>The list elements it passed through; empty unless asked for.</summary>
    public TrailSet? Trails { get; set; }

    public Row Copy() => new(Root, (JsonElement[])Cells.Clone()) { Vanished = Vanished, Trails = Trails };
}

/// <summary>A place inside a root: step by step, from the last step to the first.</summary>
/// <param name="Key">The key stepped to; null for a place in a list.</param>
/// <param name="Iterated">The step is one of many that a wildcard took.</param>
internal sealed record Trail(Trail? Parent, string? Key, int Index, bool Iterated);

internal sealed record TrailSet(Trail Trail, TrailSet? Next);

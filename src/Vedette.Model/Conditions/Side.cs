using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Conditions;

/// <summary>One side of a comparison: a literal, the members of a custom list, or a column of a place.</summary>
internal sealed class Side
{
    private List<Operand>? _operands;
    private HashSet<string>? _texts;
    private bool _textsKnown;

    private Side(Place? place, int column, List<Operand>? operands)
    {
        Place = place;
        Column = column;
        _operands = operands;
    }

    public Place? Place { get; }

    public int Column { get; }

    public bool IsArtifact => Place?.Paths.Location.IsArtifact ?? false;

    public static Side Literal(JsonElement value, bool caseSensitive) => new(null, -1, [new(value, caseSensitive)]);

    public static Side Of(Place place, int column) => new(place, column, null);

    /// <summary>All cells of all rows of a custom list.</summary>
    public static Side CustomList(IReadOnlyList<JsonElement>? rows, bool caseSensitive)
    {
        var cells = new List<Operand>();
        foreach (var row in rows ?? [])
        {
            var operand = new Operand(row, caseSensitive);
            if (operand.IsList)
                cells.AddRange(operand.Elements.Where(cell => !cell.IsMissing));
            else if (!operand.IsMissing)
                cells.Add(operand);
        }
        return new(null, -1, cells) { IsMembers = true };
    }

    /// <summary>Its values are members to be equal to, not texts to be found in.</summary>
    public bool IsMembers { get; private init; }

    public List<Operand> Operands(bool caseSensitive)
    {
        if (_operands is not null)
            return _operands;
        _operands = new(Place!.Rows.Count);
        foreach (var row in Place.Rows)
            _operands.Add(new(row.Cells[Column], caseSensitive));
        return _operands;
    }

    /// <summary>All values as one set, so that equality need not try each; null when some are neither text nor None.</summary>
    public HashSet<string>? Texts(bool caseSensitive)
    {
        if (_textsKnown)
            return _texts;
        _textsKnown = true;
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operand in Operands(caseSensitive))
        {
            if (operand.TextKey is not { } key)
                return null;
            texts.Add(key);
        }
        return _texts = texts;
    }
}

using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Conditions;

/// <summary>Rows of one location, and what the comparisons say of each.</summary>
internal sealed class Place(Datapath location)
{
    public RootedPaths Paths { get; } = new(location);

    /// <summary>Rows here are kept or dropped. Other places, such as a code block's output, only open or close the way.</summary>
    public bool Keeps { get; } = location.IsArtifact || location.Kind is LocationKind.ActionResult or LocationKind.FilteredActionResult
        or LocationKind.FunctionResult or LocationKind.PlaybookInput or LocationKind.PlaybookOutput;

    public List<Row> Rows { get; set; } = [];

    /// <summary>There is nothing here, and the one row is a stand-in of None.</summary>
    public bool IsVoid { get; set; }

    public bool[]? Verdicts { get; private set; }

    public void Judge(bool all, Func<int, bool> verdict)
    {
        var first = Verdicts is null;
        Verdicts ??= new bool[Rows.Count];
        for (var row = 0; row < Verdicts.Length; row++)
        {
            if (first || Verdicts[row] == all)
                Verdicts[row] = verdict(row);
        }
    }
}

/// <summary>One side of a comparison: a literal, the members of a custom list, or a column of a place.</summary>
internal sealed class Side
{
    private List<Operand>? _operands;

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
}

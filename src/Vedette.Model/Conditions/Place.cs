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

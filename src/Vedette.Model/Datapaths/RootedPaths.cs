using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>Paths of one location, their roots, and the rows they give.</summary>
internal sealed class RootedPaths(Datapath location)
{
    private readonly PathTree _inner = PathTree.Root();
    private readonly PathTree _outer = PathTree.Root();
    private readonly List<int> _ids = [];
    private readonly List<int> _tags = [];

    public Datapath Location { get; } = location;

    public int Columns { get; private set; }

    public List<Root> Roots { get; private set; } = [];

    public int Add(Datapath path)
    {
        var column = Columns++;
        var tokens = path.Path;
        var first = tokens.Count > 0 ? tokens[0] : "";
        switch (path.Kind)
        {
            case LocationKind.Bare when first is "action_result" or "custom_function_result":
                _inner.Add(column, Contextual(tokens, 1), 1, false);
                break;
            case LocationKind.Bare:
                _outer.Add(column, tokens, 0, false);
                break;
            case LocationKind.ActionResult or LocationKind.FilteredActionResult:
                _inner.Add(column, Contextual(tokens, 0), 0, false);
                break;
            case LocationKind.CodeOutput:
                _inner.Add(column, tokens, Math.Min(1, tokens.Count), false);
                break;
            case LocationKind.FormattedData:
                _inner.Add(column, [], 0, false);
                break;
            default:
                if (path.IsArtifact && tokens.Count == 1)
                    (first == "id" ? _ids : first == "tags" ? _tags : null)?.Add(column);
                _inner.Add(column, tokens, 0, path.IsArtifact);
                break;
        }
        return column;
    }

    public List<Row> Rows(IRunData data, Surroundings with, bool trails)
    {
        Roots = Datapaths.Roots.Of(data, Location, with);
        var walk = new RowWalk(Location.Kind, Columns, trails);
        for (var at = 0; at < Roots.Count; at++)
        {
            var from = walk.Rows.Count;
            var root = Roots[at];
            walk.Root(at, _inner, root.Value, _outer, root.Around);
            if (_ids.Count + _tags.Count > 0)
                Complete(walk.Rows, from, root);
        }
        return walk.Rows;
    }

    /// <summary>Every artifact has an id and a list of tags, whether its dict says so or not.</summary>
    private void Complete(List<Row> rows, int from, Root root)
    {
        for (var row = from; row < rows.Count; row++)
        {
            var cells = rows[row].Cells;
            foreach (var column in _ids)
            {
                if (JsonValues.IsNone(cells[column]))
                    cells[column] = JsonValues.Of(root.Artifact);
            }
            foreach (var column in _tags)
            {
                if (JsonValues.IsNone(cells[column]))
                    cells[column] = JsonValues.EmptyList;
            }
        }
    }

    /// <summary>The context of a result is kept with its parameter.</summary>
    private static IReadOnlyList<string> Contextual(IReadOnlyList<string> tokens, int at)
    {
        return tokens.Count > at && tokens[at] == "context" ? [.. tokens.Take(at), "parameter", .. tokens.Skip(at)] : tokens;
    }
}

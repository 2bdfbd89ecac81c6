namespace Vedette.Model.Datapaths;

/// <summary>Several paths laid over one another, so that what they share is walked once and their values line up.</summary>
internal sealed class PathTree
{
    public static readonly PathTree Nothing = new("");

    private PathTree(string key)
    {
        Key = key;
        Index = key.Length is > 0 and < 10 && key.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0
            ? int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)
            : -1;
    }

    public string Key { get; }

    /// <summary>The key as a place in a list; -1 when it is none.</summary>
    public int Index { get; }

    /// <summary>The columns whose path ends here.</summary>
    public List<int> Columns { get; } = [];

    public List<PathTree> Children { get; } = [];

    public PathTree? Star { get; private set; }

    /// <summary>Columns of which the rest of the path, dots and all, may be one key of an artifact's cef.</summary>
    public List<(int Column, string Key)> FlatKeys { get; } = [];

    public int ColumnsBelow { get; private set; }

    public bool IsEmpty => ColumnsBelow == 0;

    public static PathTree Root() => new("");

    public void Add(int column, IReadOnlyList<string> path, int from, bool flatCef)
    {
        var node = this;
        for (var at = from; at < path.Count; at++)
        {
            node.ColumnsBelow++;
            if (flatCef && at == from + 1 && path[from] == "cef" && path.Count - at > 1 && !path.Contains("*"))
                node.FlatKeys.Add((column, string.Join('.', path.Skip(at))));
            node = node.Child(path[at]);
        }
        node.ColumnsBelow++;
        node.Columns.Add(column);
    }

    private PathTree Child(string key)
    {
        if (key == "*")
            return Star ??= new(key);
        foreach (var child in Children)
        {
            if (child.Key == key)
                return child;
        }
        var made = new PathTree(key);
        Children.Add(made);
        return made;
    }
}

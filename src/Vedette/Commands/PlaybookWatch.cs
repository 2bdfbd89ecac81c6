namespace Vedette.Commands;

/// <summary>Waits until something that a trial reads is written: playbooks, what stands beside them, and custom functions in the folders above.</summary>
internal sealed class PlaybookWatch
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private readonly IReadOnlyList<string> _paths;
    private readonly HashSet<(string File, DateTime At)> _before;

    private PlaybookWatch(IReadOnlyList<string> paths) => (_paths, _before) = (paths, Written(paths));

    /// <summary>Takes down how all is now. Before a run: what is written while it runs is a change too.</summary>
    public static PlaybookWatch From(IReadOnlyList<string> paths) => new(paths);

    public async Task Changed(CancellationToken ct)
    {
        while (Written(_paths).SetEquals(_before))
        {
            await Task.Delay(LookEvery, ct);
        }
    }

    private static HashSet<(string File, DateTime At)> Written(IReadOnlyList<string> paths) =>
    [
        .. paths.SelectMany(Folders).Where(Directory.Exists).Distinct()
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".py" or ".json" or ".yaml" or ".yml")
            .Select(file => (file, File.GetLastWriteTimeUtc(file))),
    ];

    private static IEnumerable<string> Folders(string path)
    {
        var whole = Path.GetFullPath(path);
        var own = Directory.Exists(whole) ? whole : Path.GetDirectoryName(whole)!;
        yield return own;
        for (var above = Directory.GetParent(own); above is not null; above = above.Parent)
        {
            yield return Path.Combine(above.FullName, "custom_functions");
        }
    }
}

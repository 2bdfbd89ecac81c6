namespace Vedette.Commands;

/// <summary>Waits until a playbook, or something beside it, is written.</summary>
internal static class PlaybookWatch
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    public static async Task Changed(IReadOnlyList<string> paths, CancellationToken ct)
    {
        var before = Written(paths);
        while (Written(paths).SetEquals(before))
        {
            await Task.Delay(LookEvery, ct);
        }
    }

    private static HashSet<(string File, DateTime At)> Written(IReadOnlyList<string> paths) =>
    [
        .. paths.Select(path => Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!).Distinct()
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".py" or ".json" or ".yaml" or ".yml")
            .Select(file => (file, File.GetLastWriteTimeUtc(file))),
    ];
}

using System.Globalization;

namespace Vedette.Bench;

/// <summary>What a process and all that descends from it have used, read from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>The kernel's USER_HZ, the same on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Processor time of the tree in milliseconds, with that of children that have ended and were waited for.</summary>
    public static double CpuMilliseconds(int root) =>
        Pids(root).Sum(pid => Stat(pid) is { } stat ? Enumerable.Range(11, 4).Sum(i => long.Parse(stat[i], CultureInfo.InvariantCulture)) : 0) * 1000 / TicksPerSecond;

    /// <summary>Memory in megabytes; pages that several processes share are counted once (PSS).</summary>
    public static double Megabytes(int root) => Pids(root).Sum(Pss) / 1024.0;

    /// <summary>Bytes the tree had the kernel write to disk.</summary>
    public static long BytesWritten(int root) => Pids(root).Sum(pid => Field($"/proc/{pid}/io", "write_bytes:"));

    private static List<int> Pids(int root)
    {
        var parents = new List<(int Pid, int Parent)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Stat(pid) is { } stat)
            {
                parents.Add((pid, int.Parse(stat[1], CultureInfo.InvariantCulture)));
            }
        }

        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(parents.Where(each => each.Parent == tree[i]).Select(each => each.Pid));
        }

        return tree;
    }

    private static long Pss(int pid) => Field($"/proc/{pid}/smaps_rollup", "Pss:");

    /// <summary>The fields behind the name, which may hold blanks itself, or null where the process has ended.</summary>
    private static string[]? Stat(int pid) => Read($"/proc/{pid}/stat") is { } text ? text[(text.LastIndexOf(')') + 2)..].Split(' ') : null;

    private static long Field(string file, string name)
    {
        var line = Read(file)?.Split('\n').FirstOrDefault(each => each.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // Children end while the tree is walked; what they used is then in their parent's figures.
            return null;
        }
    }
}

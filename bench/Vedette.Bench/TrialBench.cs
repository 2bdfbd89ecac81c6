using System.Diagnostics;

namespace Vedette.Bench;

/// <summary>Playbooks in the shapes of our own, one case each, through one <c>vedette playbook test</c>.</summary>
internal static class TrialBench
{
    private const string CaseBegins = "\n  - name: ";

    /// <summary>Writes as many playbooks as asked for into a folder: copies of our own in turn, each with the first case of its tests.</summary>
    public static void Make(string folder, int count)
    {
        var from = Own();
        Directory.CreateDirectory(Path.Combine(folder, "custom_functions"));
        foreach (var function in Directory.GetFiles(Path.Combine(from, "custom_functions")))
        {
            File.Copy(function, Path.Combine(folder, "custom_functions", Path.GetFileName(function)));
        }

        foreach (var list in Directory.GetFiles(from, "*.json").Where(file => !File.Exists(Path.ChangeExtension(file, ".py"))))
        {
            File.Copy(list, Path.Combine(folder, Path.GetFileName(list)));
        }

        var shapes = Directory.GetFiles(from, "*.py").Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < count; i++)
        {
            var shape = shapes[i % shapes.Count];

            // The first round keeps its name: sub-playbooks are called by it.
            var name = Path.GetFileNameWithoutExtension(shape) + (i < shapes.Count ? "" : $"_{i / shapes.Count}");
            File.Copy(shape, Path.Combine(folder, $"{name}.py"));
            File.Copy(Path.ChangeExtension(shape, ".json"), Path.Combine(folder, $"{name}.json"));
            File.WriteAllText(Path.Combine(folder, $"{name}.tests.yaml"), OneCase(File.ReadAllText(Path.ChangeExtension(shape, ".tests.yaml"))));
        }
    }

    /// <summary>From the start of the process to its end.</summary>
    /// <returns>Seconds passed, and seconds of processor time of it and its workers.</returns>
    public static async Task<(double Seconds, double Cpu)> Test(string folder)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vedette.dll"), "playbook", "test", folder]) { RedirectStandardOutput = true };
        var before = ProcessTree.CpuMilliseconds(Environment.ProcessId);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var seconds = watch.Elapsed.TotalSeconds;
        return process.ExitCode == 0 ? (seconds, (ProcessTree.CpuMilliseconds(Environment.ProcessId) - before) / 1000) : throw new InvalidOperationException($"A case did not pass:\n{said}");
    }

    private static string OneCase(string tests)
    {
        var first = tests.IndexOf(CaseBegins, StringComparison.Ordinal);
        var second = tests.IndexOf(CaseBegins, first + 1, StringComparison.Ordinal);
        return second < 0 ? tests : tests[..(second + 1)];
    }

    private static string Own()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Vedette.slnx")))
            {
                return Path.Combine(folder.FullName, "playbooks");
            }
        }

        throw new InvalidOperationException("The bench runs in a checkout: its playbooks are what is tried.");
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace Vedette.Trial.Tests;

/// <summary>The program as a process, on a folder of playbooks of its own.</summary>
public abstract class TrialTest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vedette-trial-test-");

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected string Beside(string name) => Path.Combine(_folder.FullName, name);

    protected Task Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Beside(name))!);
        return File.WriteAllTextAsync(Beside(name), text, Ct);
    }

    /// <summary>A playbook of these functions; the rest is written for it.</summary>
    protected Task Playbook(string name, string functions) => Write($"{name}.py", $"import phantom.rules as phantom\nimport json\n\n{functions}\n\ndef on_finish(container, summary):\n    return\n");

    protected async Task<(int Status, string Said, string Complained)> Vedette(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "vedette.dll"), "playbook", .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await said, await complained);
    }

    /// <summary>The report on the first playbook under a path, and its exit code.</summary>
    protected async Task<(int Status, JsonElement Playbook)> Report(string path, params string[] more)
    {
        var ended = await Vedette(["test", Beside(path), "--json", Beside("report.json"), .. more]);
        Assert.True(File.Exists(Beside("report.json")), ended.Said + ended.Complained);
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(Beside("report.json"), Ct));
        return (ended.Status, report.RootElement.GetProperty("playbooks")[0].Clone());
    }

    protected async Task<(int Status, JsonElement Case)> Case(string path, params string[] more)
    {
        var (status, playbook) = await Report(path, more);
        return (status, playbook.GetProperty("cases")[0]);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _folder.Delete(recursive: true);
}

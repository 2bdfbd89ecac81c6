using System.Text.Json;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Server.Hosting;

namespace Vedette.Server.Doctor;

/// <summary>Starts the workers as a server does, tries their sandbox, and ends them.</summary>
internal static class PythonExamination
{
    private const string Python = "python";
    private const string Sandbox = "sandbox";

    public static async Task<IReadOnlyList<Finding>> Of(ServerOptions options, bool readable, CancellationToken ct)
    {
        await using var workers = WorkersOfServer.Make(options);
        var report = await workers.Start(ct);
        if (report.PythonFault is { } fault)
        {
            return [Finding.Stops(Python, fault), Finding.Stops(Sandbox, "It cannot be tried without Python.")];
        }

        var accepted = readable ? await Accepted(options, ct) : null;
        var words = SandboxWords.Of(report, accepted);
        var sandbox = report.Holds ? Finding.Good(Sandbox, words)
            : report.Level != SandboxReport.NoLevel && report.Level == accepted ? Finding.Look(Sandbox, words)
            : Finding.Stops(Sandbox, words);
        return report.Level == SandboxReport.NoLevel
            ? [Finding.Stops(Python, report.Sentence), Finding.Stops(Sandbox, "It cannot be tried before the workers start.")]
            : [Finding.Good(Python, $"{report.Python} at {options.Python}"), sandbox];
    }

    private static async Task<string?> Accepted(ServerOptions options, CancellationToken ct)
    {
        await using var store = options.Place.OpenToRead();
        var rows = await store.Select<SettingRow>(Query.For(Where.Is(nameof(SettingRow.Name), SandboxReport.AcceptedSetting)), ct);
        return rows is [var row] ? JsonSerializer.Deserialize<string?>(row.Value) : null;
    }
}

using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Server.Hosting;

/// <summary>What keeps playbooks in, as a person is told: at the start, in the log and by the doctor.</summary>
public static class SandboxWords
{
    public static string Of(SandboxReport report, string? accepted)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report switch
        {
            { Holds: true } => $"Sandbox of playbooks: {report.Level}. {report.Sentence}",
            { Level: SandboxReport.NoLevel } => $"No playbook runs. {report.Sentence}",
            _ when report.Level == accepted => $"Sandbox of playbooks: {report.Level}, which does not hold everything and was accepted by an administrator. {report.Sentence}",
            _ => $"No playbook runs: the sandbox is at the level \"{report.Level}\" and does not hold everything. {report.Sentence}{Missing(report)} "
                + $"Allow on this machine what is missing, or have an administrator accept the level: vedette sandbox accept {report.Level}",
        };
    }

    private static string Missing(SandboxReport report)
    {
        var off = report.Measures.Where(measure => !measure.On).Select(measure => $"{measure.Name} ({measure.Detail})").ToList();
        return off.Count == 0 ? "" : $" Missing: {string.Join(", ", off)}.";
    }
}

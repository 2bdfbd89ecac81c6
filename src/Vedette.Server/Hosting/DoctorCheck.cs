using Vedette.Console.FirstRun;
using Vedette.Server.Doctor;

namespace Vedette.Server.Hosting;

/// <summary>The doctor's findings, for the console.</summary>
internal sealed class DoctorCheck(ServerOptions options, TimeProvider time) : ISelfCheck
{
    public bool IsLab => options.Lab is not null;

    public async Task<IReadOnlyList<SelfFinding>> Look() =>
        [.. (await Examination.Of(options, time, CancellationToken.None)).Select(finding => new SelfFinding(finding.Area, (SelfHealth)finding.Health, finding.Sentence))];
}

using Vedette.Server.Hosting;

namespace Vedette.Server.Doctor;

/// <summary>Looks at all that Vedette needs on this machine. Changes nothing, and may run beside a server.</summary>
public static class Examination
{
    public static async Task<IReadOnlyList<Finding>> Of(ServerOptions options, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = StoreExamination.Look(options);
        return
        [
            .. await PythonExamination.Of(options, store.Readable, ct),
            .. store.Findings,
            .. KeyExamination.Of(options, store.Exists),
            .. CertificateExamination.Of(options, time),
            .. PortExamination.Of(options, store.InUse),
            .. await ClockExamination.Of(options, store.Readable, time, ct),
        ];
    }
}

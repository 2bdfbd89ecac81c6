using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vedette.Lab;

/// <summary>The certificate of one running lab: made anew each time, its own authority, for 127.0.0.1 and no other name.</summary>
internal sealed class LabCertificate : IDisposable
{
    internal LabCertificate()
    {
        // Certificates are judged by the system's clock and not by the lab's.
        var now = DateTimeOffset.UtcNow;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Vedette lab (made up)", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        Certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(30));
    }

    internal X509Certificate2 Certificate { get; }

    internal string Pem => Certificate.ExportCertificatePem();

    public void Dispose() => Certificate.Dispose();
}

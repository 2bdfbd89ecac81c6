using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vedette.Sdk;

namespace Vedette.WayOut;

/// <summary>The TLS settings that a <see cref="TlsCheck"/> asks for.</summary>
internal static class Tls
{
    public static SslClientAuthenticationOptions Options(TlsCheck check, string? host)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (!check.Verify)
        {
#pragma warning disable CA5359 // The asset says so: its own switch, shown in red and audited.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
            return options;
        }

        if (check.AuthorityPem is { } pem)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            try
            {
                policy.CustomTrustStore.ImportFromPem(pem);
            }
            catch (CryptographicException e)
            {
                throw new WayOutException(new Fault(FaultKind.BadInput), "The certificate authority of the asset is not readable PEM.", e);
            }

            if (policy.CustomTrustStore.Count == 0)
            {
                throw new WayOutException(new Fault(FaultKind.BadInput), "The certificate authority of the asset holds no certificate.");
            }

            options.CertificateChainPolicy = policy;
        }

        return options;
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vedette.Server.Hosting;

/// <summary>The certificate this server shows: the operator's files, read again when they change, or one made at the first start.</summary>
internal sealed class ServerCertificates(ServerOptions options, TimeProvider time)
{
    private readonly Lock _reading = new();
    private X509Certificate2? _current;
    private DateTime _readOf;

    /// <summary>SHA-256 of the certificate, as people compare it.</summary>
    public string Fingerprint => string.Join(':', Convert.ToHexString(SHA256.HashData(Current.RawData)).Chunk(2).Select(pair => new string(pair)));

    public bool SelfMade => options.CertificateFile is null;

    public X509Certificate2 Current
    {
        get
        {
            lock (_reading)
            {
                var (certificate, key) = Files();
                var changed = File.GetLastWriteTimeUtc(certificate) > File.GetLastWriteTimeUtc(key) ? File.GetLastWriteTimeUtc(certificate) : File.GetLastWriteTimeUtc(key);
                if (_current is null || changed != _readOf)
                {
                    _current = Read(certificate, key);
                    _readOf = changed;
                }

                return _current;
            }
        }
    }

    private (string Certificate, string Key) Files()
    {
        if (options.CertificateFile is { } file)
        {
            return (file, options.CertificateKeyFile ?? file);
        }

        var (certificate, key) = (Path.Combine(options.DataFolder, "tls.crt"), Path.Combine(options.DataFolder, "tls.key"));
        if (!File.Exists(certificate))
        {
            Make(certificate, key);
        }

        return (certificate, key);
    }

    private void Make(string certificate, string key)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Environment.MachineName}", pair, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Environment.MachineName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var now = time.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddHours(-1), now.AddYears(2));
        using (var file = new FileStream(key, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(pair.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText(certificate, made.ExportCertificatePem());
    }

    private static X509Certificate2 Read(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or UnauthorizedAccessException)
        {
            throw new SetupException($"The certificate {certificate} with the key {key} cannot be used: {exception.Message}", exception);
        }
    }
}

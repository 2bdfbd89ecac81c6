using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Vedette.Server.Hosting;

/// <summary>The certificate this server shows: the operator's files, read again when they change, or one made at the first start.</summary>
internal sealed class ServerCertificates(ServerOptions options, TimeProvider time, ILogger<ServerCertificates> log)
{
    private readonly Lock _reading = new();
    private readonly (string Certificate, string Key) _files = Files(options, time);
    private SslStreamCertificateContext? _current;
    private (DateTime, long, DateTime, long) _readOf;

    /// <summary>SHA-256 of the certificate, as people compare it.</summary>
    public string Fingerprint => string.Join(':', Convert.ToHexString(SHA256.HashData(Current.TargetCertificate.RawData)).Chunk(2).Select(pair => new string(pair)));

    public bool SelfMade => options.CertificateFile is null;

    /// <summary>The certificate with what stands between it and its root, as of now. New files that cannot be used leave the one before in force.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_reading)
            {
                var stamp = Stamp();
                if (_current is null)
                {
                    _current = FromFiles();
                    _readOf = stamp;
                }
                else if (stamp != _readOf)
                {
                    // Of two files one is replaced first: until the other follows they do not fit, and that is seen once.
                    _readOf = stamp;
                    Replace();
                }

                return _current;
            }
        }
    }

    /// <exception cref="SetupException">The files cannot be used.</exception>
    public static ServerCertificates Read(ServerOptions options, TimeProvider time, ILogger<ServerCertificates> log)
    {
        var certificates = new ServerCertificates(options, time, log);
        _ = certificates.Current;
        return certificates;
    }

    /// <summary>The self-made certificate of a data folder.</summary>
    public static (string Certificate, string Key) SelfMadeFiles(string folder) => (Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));

    private static (string Certificate, string Key) Files(ServerOptions options, TimeProvider time)
    {
        if (options.CertificateFile is { } file)
        {
            return (file, options.CertificateKeyFile ?? file);
        }

        var (certificate, key) = SelfMadeFiles(options.DataFolder);
        if (!File.Exists(certificate) || !File.Exists(key) || Ended(certificate, time))
        {
            Make(certificate, key, time);
        }

        return (certificate, key);
    }

    private static bool Ended(string certificate, TimeProvider time)
    {
        using var there = X509CertificateLoader.LoadCertificateFromFile(certificate);
        return there.NotAfter.ToUniversalTime() <= time.GetUtcNow();
    }

    private static void Make(string certificate, string key, TimeProvider time)
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
        PrivateFile.Write(key, Encoding.ASCII.GetBytes(pair.ExportPkcs8PrivateKeyPem()));
        File.WriteAllText(certificate, made.ExportCertificatePem());
    }

    private (DateTime, long, DateTime, long) Stamp()
    {
        var (certificate, key) = (new FileInfo(_files.Certificate), new FileInfo(_files.Key));
        return (certificate.LastWriteTimeUtc, certificate.Exists ? certificate.Length : -1, key.LastWriteTimeUtc, key.Exists ? key.Length : -1);
    }

    private void Replace()
    {
        try
        {
            _current = FromFiles();
            log.LogInformation("The certificate {File} was read again.", _files.Certificate);
        }
        catch (SetupException exception)
        {
            log.LogWarning("The certificate before stays in force. {Message}", exception.Message);
        }
    }

    private SslStreamCertificateContext FromFiles()
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(_files.Certificate, _files.Key);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_files.Certificate);
            // Nothing is fetched: what stands in the file is what is shown.
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            throw new SetupException($"The certificate {_files.Certificate} with the key {_files.Key} cannot be used: {exception.Message}", exception);
        }
    }
}

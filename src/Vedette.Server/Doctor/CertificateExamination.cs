using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vedette.Server.Hosting;

namespace Vedette.Server.Doctor;

/// <summary>The certificate the server shows.</summary>
internal static class CertificateExamination
{
    private const string Area = "certificate";
    private static readonly TimeSpan Soon = TimeSpan.FromDays(21);

    public static IEnumerable<Finding> Of(ServerOptions options, TimeProvider time)
    {
        var (file, key) = options.CertificateFile is { } named ? (named, options.CertificateKeyFile ?? named) : ServerCertificates.SelfMadeFiles(options.DataFolder);
        if (options.CertificateFile is null && !File.Exists(file))
        {
            return [Finding.Good(Area, "There is none yet; vedette serve makes one itself.")];
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(file, key);
            var ends = certificate.NotAfter.ToUniversalTime();
            var left = ends - time.GetUtcNow().UtcDateTime;
            var until = ends.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return [left < TimeSpan.Zero && options.CertificateFile is not null ? Finding.Look(Area, $"{file} ended on {until}: clients refuse it. Replace it; the server reads it again by itself.")
                : left < Soon && options.CertificateFile is not null ? Finding.Look(Area, $"{file} ends on {until}. Replace it; the server reads it again by itself.")
                : Finding.Good(Area, $"{(options.CertificateFile is null ? "Self-made, " : "")}{file}, until {until}.")];
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            return [Finding.Stops(Area, $"The certificate {file} with the key {key} cannot be used: {exception.Message}")];
        }
    }
}

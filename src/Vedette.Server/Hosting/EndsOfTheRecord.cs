using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;
using Path = System.IO.Path;

namespace Vedette.Server.Hosting;

/// <summary>Writes signed ends of the record to files and to syslog: at the start, every five minutes in which something was done, and at the end.</summary>
internal sealed class EndsOfTheRecord(ServerOptions options, IStore store, TimeProvider time, ILogger<EndsOfTheRecord> log) : BackgroundService
{
    /// <summary>The key in the data folder that signs; the other file is what verifies, to be kept elsewhere.</summary>
    public const string KeyFile = "audit.key";

    public const string PublicFile = "audit.pub";

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>Facility 13 (audit), severity 5 (notice).</summary>
    private const int SyslogPriority = (13 * 8) + 5;

    private readonly SemaphoreSlim _one = new(1, 1);
    private long _last;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Write();
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (options.AuditEnds.Count > 0)
            {
                await Write();
                await Task.Delay(Every, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last one is written when the server ends.
        }
    }

    /// <summary>The key that signs, made at the first use.</summary>
    private static ECDsa Key(string folder)
    {
        var file = Path.Combine(folder, KeyFile);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(file))
        {
            key.ImportFromPem(File.ReadAllText(file));
        }
        else
        {
            PrivateFile.Write(file, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        }

        PrivateFile.Write(Path.Combine(folder, PublicFile), Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n"));
        return key;
    }

    private async Task Write()
    {
        if (options.AuditEnds.Count == 0)
        {
            return;
        }

        await _one.WaitAsync();
        try
        {
            var ends = await store.Select<AuditRow>(new Query { Where = Where.Is(nameof(AuditRow.Chain), "main"), Order = [(nameof(AuditRow.Number), true)], Limit = 1 });
            if (ends is not [var end] || end.Number == _last)
            {
                return;
            }

            using var key = Key(options.DataFolder);
            var line = SignedEnd.Sign(key, end.Chain, end.Number, end.Hash, time.GetUtcNow());
            foreach (var place in options.AuditEnds)
            {
                await Send(place, line);
            }

            _last = end.Number;
        }
        catch (Exception exception) when (exception is IOException or SocketException or UnauthorizedAccessException or CryptographicException or StoreUnavailableException)
        {
            log.LogError(exception, "The signed end of the record could not be written; it is tried again.");
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task Send(string place, string line)
    {
        if (!place.StartsWith("syslog://", StringComparison.Ordinal))
        {
            await File.AppendAllTextAsync(place, line + "\n");
            return;
        }

        var to = new Uri(place);
        using var udp = new UdpClient();
        var message = string.Create(CultureInfo.InvariantCulture, $"<{SyslogPriority}>1 {time.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {Environment.MachineName} vedette {Environment.ProcessId} audit - {line}");
        await udp.SendAsync(Encoding.UTF8.GetBytes(message), to.Host, to.IsDefaultPort ? 514 : to.Port);
    }
}

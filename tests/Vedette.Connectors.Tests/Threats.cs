using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Vedette.Model;
using Vedette.Sdk;
using Vedette.WayOut;

namespace Vedette.Connectors.Tests;

/// <summary>Where nobody may come: another loopback address than the one an asset names. It counts who comes.</summary>
internal sealed class Witness : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Parse("127.0.0.2"), 0);

    public Witness() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>A connection stays in the queue, so it is seen also when its caller has gone.</summary>
    public bool SawSomebody => _listener.Pending();

    public void Dispose() => _listener.Dispose();
}

/// <summary>A server of a test's own: each connection is handed to <paramref name="talk"/>, over TLS where there is a certificate.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;
    private long _received;

    public Peer(Func<Stream, CancellationToken, Task> talk, X509Certificate2? certificate = null)
    {
        _listener.Start();
        _serving = Serve(talk, certificate);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections on which something of the protocol itself arrived, after the handshake.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Answers nothing: for tests that only ask whether anything was said at all.</summary>
    public static Task Silent(Stream stream, CancellationToken ct) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Serve(Func<Stream, CancellationToken, Task> talk, X509Certificate2? certificate)
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await using var plain = client.GetStream();
                await using var secured = certificate is null ? null : new SslStream(plain);
                if (secured is not null)
                {
                    await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _end.Token);
                }

                var first = new FirstByte(secured ?? (Stream)plain);
                if (await first.Arrives(_end.Token))
                {
                    Interlocked.Increment(ref _received);
                    await talk(first, _end.Token);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception end) when (end is IOException or AuthenticationException or SocketException)
            {
                // The client went away, as it should where it does not trust us: the next one is served.
                continue;
            }
        }
    }

    /// <summary>Looks whether anything comes at all, and gives it back to whoever reads.</summary>
    private sealed class FirstByte(Stream inner) : Stream
    {
        private readonly byte[] _first = new byte[1];
        private bool _held;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public async Task<bool> Arrives(CancellationToken ct) => _held = await inner.ReadAsync(_first, ct) > 0;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (!_held)
            {
                return inner.Read(buffer, offset, count);
            }

            (buffer[offset], _held) = (_first[0], false);
            return 1;
        }

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>An authority of a test's own.</summary>
internal sealed class Authority : IDisposable
{
    private readonly X509Certificate2 _own;

    public Authority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN=Authority {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
    }

    public string Pem => _own.ExportCertificatePem();

    public X509Certificate2 For(string name, int daysLeft = 20)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(_own, DateTimeOffset.UtcNow.AddDays(-25), DateTimeOffset.UtcNow.AddDays(daysLeft), RandomNumberGenerator.GetBytes(8));
        using var whole = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose() => _own.Dispose();
}

/// <summary>One call of a connector on an asset that names 127.0.0.1, as the engine makes it.</summary>
internal static class Calling
{
    public static async Task<ActionAnswer> Run(IConnector connector, string action, object parameters, object settings, WayOutOptions? options = null)
    {
        using var factory = new WayOutFactory(options ?? new WayOutOptions());
        return await connector.Run(
            new ActionCall
            {
                Action = action,
                Parameters = JsonSerializer.SerializeToElement(parameters),
                Asset = new AssetSettings(new AssetId(1), "asset", JsonSerializer.SerializeToElement(settings)),
                EffectKey = "0123456789abcdef0123456789abcdef",
                SendBy = DateTimeOffset.MaxValue,
                WayOut = factory.For(new WayOutScope("asset", ["127.0.0.1"], connector.Manifest.PublicToo)),
                Time = TimeProvider.System,
            },
            TestContext.Current.CancellationToken);
    }
}

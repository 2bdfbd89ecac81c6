using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Vedette.Connectors.Tests;

/// <summary>A request as it came: number, operation, what the operation holds, and the cookie of its paging control.</summary>
internal sealed record LdapAsked(int Id, int Operation, byte[] Body, byte[] Cookie)
{
    public AsnReader Inside()
    {
        var reader = new AsnReader(Body, AsnEncodingRules.BER);
        return reader.ReadSequence(reader.PeekTag());
    }

    public string Base => Encoding.UTF8.GetString(Inside().ReadOctetString());

    public AsnReader Filter()
    {
        var search = Inside();
        search.ReadOctetString();
        for (var i = 0; i < 5; i++)
        {
            // Scope, aliases, size, time, types only.
            search.ReadEncodedValue();
        }

        return search;
    }

    public List<string> Attributes()
    {
        var search = Filter();
        search.ReadEncodedValue();
        var list = search.ReadSequence();
        var names = new List<string>();
        while (list.HasData)
        {
            names.Add(Encoding.UTF8.GetString(list.ReadOctetString()));
        }

        return names;
    }
}

/// <summary>
/// A directory of a few lines, written apart from the client so that both cannot share a mistake. Answers sign-ins and the root by
/// itself; what a search gets, the test says.
/// </summary>
internal sealed class LdapResponder : IAsyncDisposable
{
    public const string Password = "sesame-canary";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<LdapAsked, IEnumerable<byte[]>?> _search;
    private readonly bool _wantsTls;
    private readonly Task _serving;
    private X509Certificate2? _certificate;

    /// <param name="search">The messages that answer a search; null cuts the connection.</param>
    /// <param name="wantsTls">Whether a sign-in before StartTLS is answered with strongerAuthRequired.</param>
    public LdapResponder(Func<LdapAsked, IEnumerable<byte[]>?> search, bool wantsTls = false)
    {
        (_search, _wantsTls) = (search, wantsTls);
        _listener.Start();
        _serving = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<LdapAsked> Asked { get; } = new();

    /// <summary>Completes when a client has hung up.</summary>
    public TaskCompletionSource HungUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static byte[] Entry(int id, string name, params (string Name, object[] Values)[] attributes) => Message(id, 4, writer =>
    {
        writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
        using (writer.PushSequence())
        {
            foreach (var (attribute, values) in attributes)
            {
                using (writer.PushSequence())
                {
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute));
                    using (writer.PushSetOf())
                    {
                        foreach (var value in values)
                        {
                            writer.WriteOctetString(value as byte[] ?? Encoding.UTF8.GetBytes((string)value));
                        }
                    }
                }
            }
        }
    });

    public static byte[] Referral(int id) => Message(id, 19, writer => writer.WriteOctetString("ldap://elsewhere.example/DC=x"u8));

    public static byte[] Done(int id, int code = 0, string message = "", int operation = 5, byte[]? cookie = null) =>
        Message(id, operation, writer => Result(writer, code, message), cookie);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        // Stopped only when nobody accepts any more: a stopped listener refuses to be asked for the next client.
        await _serving;
        _listener.Stop();
        _certificate?.Dispose();
        _end.Dispose();
    }

    private static void Result(AsnWriter writer, int code, string message)
    {
        writer.WriteEncodedValue([0x0a, 0x01, (byte)code]);
        writer.WriteOctetString([]);
        writer.WriteOctetString(Encoding.UTF8.GetBytes(message));
    }

    private static byte[] Message(int id, int operation, Action<AsnWriter> write, byte[]? cookie = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            using (writer.PushSequence(new Asn1Tag(TagClass.Application, operation, isConstructed: true)))
            {
                write(writer);
            }

            if (cookie is not null)
            {
                var value = new AsnWriter(AsnEncodingRules.BER);
                using (value.PushSequence())
                {
                    value.WriteInteger(0);
                    value.WriteOctetString(cookie);
                }

                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
                using (writer.PushSequence())
                {
                    writer.WriteOctetString("1.2.840.113556.1.4.319"u8);
                    writer.WriteOctetString(value.Encode());
                }
            }
        }

        return writer.Encode();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await Serve(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Serve(Stream stream)
    {
        try
        {
            while (await Next(stream) is { } asked)
            {
                Asked.Enqueue(asked);
                if (asked.Operation == 23)
                {
                    await stream.WriteAsync(Done(asked.Id, operation: 24), _end.Token);
                    var secured = new SslStream(stream);
                    await secured.AuthenticateAsServerAsync(_certificate ??= Certificate());
                    stream = secured;
                    continue;
                }

                var answers = asked.Operation == 0 ? [SignIn(asked, stream is SslStream)] : asked.Base.Length == 0 ? Root(asked.Id) : _search(asked);
                if (answers is null)
                {
                    return;
                }

                foreach (var answer in answers)
                {
                    await stream.WriteAsync(answer, _end.Token);
                }
            }
        }
        catch (IOException)
        {
            // The client left; some tests have it so.
        }
        finally
        {
            HungUp.TrySetResult();
            await stream.DisposeAsync();
        }
    }

    private byte[] SignIn(LdapAsked asked, bool secure)
    {
        var bind = asked.Inside();
        bind.ReadInteger();
        bind.ReadOctetString();
        return _wantsTls && !secure ? Done(asked.Id, 8, "00002028: LdapErr", operation: 1)
            : Encoding.UTF8.GetString(bind.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 0))) == Password ? Done(asked.Id, operation: 1)
            : Done(asked.Id, 49, "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52e, v1db1", operation: 1);
    }

    private static byte[][] Root(int id) => [Entry(id, "", ("defaultNamingContext", ["DC=corp,DC=example"])), Done(id)];

    private async Task<LdapAsked?> Next(Stream stream)
    {
        var head = new byte[2];
        if (await stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, _end.Token) < 2)
        {
            return null;
        }

        var more = new byte[head[1] > 0x80 ? head[1] & 0x7f : 0];
        await stream.ReadExactlyAsync(more, _end.Token);
        var length = more.Length == 0 ? head[1] : more.Aggregate(0, (sum, b) => (sum << 8) | b);
        var content = new byte[length];
        await stream.ReadExactlyAsync(content, _end.Token);
        var message = new AsnReader(new byte[][] { head, more, content }.SelectMany(part => part).ToArray(), AsnEncodingRules.BER).ReadSequence();
        message.TryReadInt32(out var id);
        var operation = message.PeekTag().TagValue;
        var body = message.ReadEncodedValue().ToArray();
        var cookie = Array.Empty<byte>();
        if (message.HasData)
        {
            var control = message.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)).ReadSequence();
            control.ReadOctetString();
            var page = new AsnReader(control.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
            page.ReadInteger();
            cookie = page.ReadOctetString();
        }

        return new LdapAsked(id, operation, body, cookie);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}

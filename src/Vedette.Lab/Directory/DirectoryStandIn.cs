using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vedette.Lab.Behaviour;

namespace Vedette.Lab.Directory;

/// <summary>A small LDAP v3 server that answers as a domain controller does: simple bind, search, unbind.</summary>
internal sealed class DirectoryStandIn(Behaviours behaviours, CallLog calls, LabOptions options) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly IReadOnlyList<DirectoryEntry> _entries = DirectoryEntries.Of(options.Clock.GetUtcNow());
    private TcpListener? _listener;

    public int Port => ((IPEndPoint)_listener!.LocalEndpoint).Port;

    public void Start(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start(512);
        _ = Accept();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener?.Dispose();
    }

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = Serve(await _listener!.AcceptSocketAsync(_end.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Serve(Socket socket)
    {
        socket.NoDelay = true;
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var bound = false;
        calls.Count(LabSystem.Ldap);
        var mishap = behaviours.Next(LabSystem.Ldap, write: false);
        try
        {
            while (await ReadMessage(stream) is { } message)
            {
                var reader = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
                reader.TryReadInt32(out var id);
                var tag = reader.PeekTag();
                if (tag.TagValue == 2)
                {
                    return;
                }

                var operation = reader.ReadSequence(tag);
                switch (mishap)
                {
                    case Mishap.Reset:
                        socket.LingerState = new LingerOption(true, 0);
                        return;
                    case Mishap.Cut:
                        await stream.WriteAsync(new byte[] { 0x30, 0x40, 0x02 });
                        return;
                    case Mishap.TooMany or Mishap.ServerError:
                        await stream.WriteAsync(Result(id, tag.TagValue == 0 ? 1 : 5, 51, "00002026: SvcErr: DSID-031A1236, problem 5001 (BUSY), data 0"));
                        continue;
                    default:
                        break;
                }

                if (tag.TagValue == 0)
                {
                    var good = Bind(operation);
                    bound = good;
                    await stream.WriteAsync(good
                        ? Result(id, 1, 0, "")
                        : Result(id, 1, 49, "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52e, v1db1"));
                }
                else if (tag.TagValue == 3)
                {
                    var latency = behaviours.Of(LabSystem.Ldap).Latency;
                    if (latency > TimeSpan.Zero && bound)
                    {
                        await Task.Delay(latency, options.Clock, _end.Token);
                    }

                    await stream.WriteAsync(Search(id, operation, bound));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or AsnContentException or OperationCanceledException)
        {
            // Whoever asked is gone or speaks no LDAP; a stand-in hangs up.
            socket.Close();
        }
    }

    private static bool Bind(AsnReader operation)
    {
        operation.ReadInteger();
        var user = Encoding.UTF8.GetString(operation.ReadOctetString());
        var password = Encoding.UTF8.GetString(operation.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 0)));
        return string.Equals(user, LabCredentials.LdapUser, StringComparison.OrdinalIgnoreCase) && password == LabCredentials.LdapPassword;
    }

    private byte[] Search(int id, AsnReader operation, bool bound)
    {
        var baseName = Encoding.UTF8.GetString(operation.ReadOctetString());
        operation.ReadEnumeratedBytes();
        operation.ReadEnumeratedBytes();
        operation.ReadInteger();
        operation.ReadInteger();
        operation.ReadBoolean();
        var filter = operation.ReadEncodedValue();
        var attributes = new List<string>();
        var wanted = operation.ReadSequence();
        while (wanted.HasData)
        {
            attributes.Add(Encoding.UTF8.GetString(wanted.ReadOctetString()));
        }

        using var answer = new MemoryStream();
        if (baseName.Length == 0)
        {
            answer.Write(Entry(id, DirectoryEntries.Root, attributes));
        }
        else if (!bound)
        {
            return Result(id, 5, 1, "000004DC: LdapErr: DSID-0C090A71, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563");
        }
        else
        {
            foreach (var entry in _entries.Where(entry => entry.Dn.EndsWith(baseName, StringComparison.OrdinalIgnoreCase) && DirectoryFilter.Matches(filter, entry)))
            {
                answer.Write(Entry(id, entry, attributes));
            }

            answer.Write(Referral(id));
        }

        answer.Write(Result(id, 5, 0, ""));
        return answer.ToArray();
    }

    private static byte[] Entry(int id, DirectoryEntry entry, List<string> attributes) => Message(id, 4, writer =>
    {
        writer.WriteOctetString(Encoding.UTF8.GetBytes(entry.Dn));
        using (writer.PushSequence())
        {
            foreach (var (name, values) in entry.Attributes.Where(attribute => attributes.Count == 0 || attributes.Contains(attribute.Key, StringComparer.OrdinalIgnoreCase)))
            {
                using (writer.PushSequence())
                {
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
                    using (writer.PushSetOf())
                    {
                        foreach (var value in values)
                        {
                            writer.WriteOctetString(value);
                        }
                    }
                }
            }
        }
    });

    /// <summary>A search from the root of a domain names the other partitions, which a client has to skip.</summary>
    private static byte[] Referral(int id) => Message(id, 19, writer => writer.WriteOctetString("ldap://corp.halden.example/CN=Configuration,DC=corp,DC=halden,DC=example"u8.ToArray()));

    private static byte[] Result(int id, int tag, byte code, string text) => Message(id, tag, writer =>
    {
        writer.WriteEncodedValue(new byte[] { 0x0a, 0x01, code });
        writer.WriteOctetString([]);
        writer.WriteOctetString(Encoding.UTF8.GetBytes(text));
    });

    private static byte[] Message(int id, int tag, Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            using (writer.PushSequence(new Asn1Tag(TagClass.Application, tag, isConstructed: true)))
            {
                write(writer);
            }
        }

        return writer.Encode();
    }

    private static async Task<byte[]?> ReadMessage(NetworkStream stream)
    {
        var head = new byte[6];
        if (await stream.ReadAtLeastAsync(head.AsMemory(0, 2), 2, throwOnEndOfStream: false) < 2)
        {
            return null;
        }

        int length = head[1];
        var start = 2;
        if (length > 0x80)
        {
            var more = Math.Min(length & 0x7f, 4);
            await stream.ReadExactlyAsync(head.AsMemory(2, more));
            length = head.AsSpan(2, more).ToArray().Aggregate(0, (sum, digit) => (sum << 8) | digit);
            start += more;
        }

        var message = new byte[start + length];
        head.AsSpan(0, start).CopyTo(message);
        await stream.ReadExactlyAsync(message.AsMemory(start));
        return message;
    }
}

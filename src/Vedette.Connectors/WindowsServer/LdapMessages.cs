using System.Formats.Asn1;
using System.Text;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.WindowsServer;

/// <summary>LDAP messages on a stream: framed by BER, bounded, a malformed one is told as such.</summary>
internal sealed class LdapMessages(Stream stream, string server)
{
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>For all messages together: many pages of allowed size would fill the memory just as well.</summary>
    private const long MostBytesInAll = 64L * 1024 * 1024;

    private const int DisconnectionNotice = 24;
    private readonly byte[] _head = new byte[6];
    private long _received;

    public async Task Send(int id, Asn1Tag operation, Action<AsnWriter>? controls, Action<AsnWriter> write, CancellationToken ct)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            using (writer.PushSequence(operation))
            {
                write(writer);
            }

            if (controls is not null)
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
                {
                    controls(writer);
                }
            }
        }

        try
        {
            await stream.WriteAsync(writer.Encode(), ct);
        }
        catch (IOException exception)
        {
            throw Broken(exception);
        }
    }

    /// <returns>The operation's number, its content, and the controls, which may be empty.</returns>
    public async Task<(int Tag, byte[] Body, byte[] Controls)> Receive(int id, CancellationToken ct)
    {
        while (true)
        {
            var message = await Whole(ct);
            try
            {
                var reader = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
                if (!reader.TryReadInt32(out var of))
                {
                    throw CallException.Unreadable($"{server} answered with a message number that is none.");
                }

                var tag = reader.PeekTag();
                var body = reader.ReadEncodedValue().ToArray();
                var controls = reader.HasData ? reader.ReadEncodedValue().ToArray() : [];
                if (of == id)
                {
                    return (tag.TagValue, body, controls);
                }

                if (of == 0 && tag.TagValue == DisconnectionNotice)
                {
                    throw new CallException(new Fault(FaultKind.OutOfOrder), $"{server} ended the connection: {Result(body).Message}");
                }
            }
            catch (AsnContentException exception)
            {
                throw NotLdap(exception);
            }
        }
    }

    /// <summary>Reads a part of a message; one that does not hold what it must is the other side's fault and told so.</summary>
    public T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (AsnContentException exception)
        {
            throw NotLdap(exception);
        }
    }

    public static (long Code, string Message) Result(byte[] body)
    {
        var reader = Inside(body);
        var bytes = reader.ReadEnumeratedBytes().Span;
        var code = bytes.Length <= 4 ? bytes.ToArray().Aggregate(0L, (sum, b) => (sum << 8) | b) : throw new AsnContentException();
        reader.ReadOctetString();
        return (code, Encoding.UTF8.GetString(reader.ReadOctetString()).TrimEnd('\0'));
    }

    public static LdapEntry Entry(byte[] body)
    {
        var reader = Inside(body);
        var entry = new LdapEntry(Encoding.UTF8.GetString(reader.ReadOctetString()), new Dictionary<string, List<byte[]>>(StringComparer.OrdinalIgnoreCase));
        var attributes = reader.ReadSequence();
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            var name = Encoding.UTF8.GetString(attribute.ReadOctetString());
            var values = attribute.ReadSetOf(skipSortOrderValidation: true);
            var list = entry.Attributes[name] = [];
            while (values.HasData)
            {
                list.Add(values.ReadOctetString());
            }
        }

        return entry;
    }

    public static byte[] Cookie(byte[] controls, string type)
    {
        if (controls.Length == 0)
        {
            return [];
        }

        var reader = Inside(controls);
        while (reader.HasData)
        {
            var control = reader.ReadSequence();
            if (Encoding.ASCII.GetString(control.ReadOctetString()) != type)
            {
                continue;
            }

            if (control.HasData && control.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
            {
                control.ReadBoolean();
            }

            var value = new AsnReader(control.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
            value.ReadInteger();
            return value.ReadOctetString();
        }

        return [];
    }

    private static AsnReader Inside(byte[] encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.BER);
        return reader.ReadSequence(reader.PeekTag());
    }

    private async Task<byte[]> Whole(CancellationToken ct)
    {
        try
        {
            await stream.ReadExactlyAsync(_head.AsMemory(0, 2), ct);
            if (_head[0] != 0x30 || _head[1] == 0x80)
            {
                // Every message is a sequence of known length; the form without one is forbidden in LDAP.
                throw NotLdap(null);
            }

            int length = _head[1];
            var head = 2;
            if (length > 0x80)
            {
                var more = length & 0x7f;
                if (more > 4)
                {
                    throw CallException.Unreadable($"{server} announced a message of a length that is no length.");
                }

                await stream.ReadExactlyAsync(_head.AsMemory(2, more), ct);
                length = 0;
                for (var i = 0; i < more; i++)
                {
                    length = (length << 8) | _head[2 + i];
                }

                head += more;
            }

            if (length is < 0 or > MostBytes)
            {
                throw CallException.Unreadable($"{server} announced a message larger than {MostBytes / 1024 / 1024} MiB.");
            }

            _received += length;
            if (_received > MostBytesInAll)
            {
                throw CallException.Unreadable($"{server} answered with more than {MostBytesInAll / 1024 / 1024} MiB; narrow the search.");
            }

            var message = new byte[head + length];
            _head.AsSpan(0, head).CopyTo(message);
            await stream.ReadExactlyAsync(message.AsMemory(head), ct);
            return message;
        }
        catch (IOException exception)
        {
            throw Broken(exception);
        }
    }

    private CallException NotLdap(Exception? exception) => CallException.Unreadable($"{server} answered with something that is not LDAP.", inner: exception);

    private WayOutException Broken(IOException exception) => new(new Fault(FaultKind.Broken), $"{server} ended the connection before the answer was whole.", exception);
}

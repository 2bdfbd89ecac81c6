using System.Formats.Asn1;
using System.Net.Sockets;
using System.Text;

namespace Vedette.Lab.Tests;

internal sealed record LdapAnswer(int Code, string Message, Dictionary<string, Dictionary<string, byte[][]>> Entries, byte[] Cookie);

/// <summary>Speaks LDAP from the tests' own reading of RFC 4511, not from the code under test.</summary>
internal sealed class LdapClient : IDisposable
{
    private readonly TcpClient _tcp = new();
    private int _id;

    public void Dispose() => _tcp.Dispose();

    internal static async Task<LdapClient> Connect(Lab lab)
    {
        var client = new LdapClient();
        await client._tcp.ConnectAsync(lab.LdapHost, lab.LdapPort, RunningLab.Ct);
        return client;
    }

    internal Task<LdapAnswer> Bind(string name = LabCredentials.LdapUser, string password = LabCredentials.LdapPassword) => Ask(writer =>
    {
        using (writer.PushSequence(new(TagClass.Application, 0, true)))
        {
            writer.WriteInteger(3);
            writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
            writer.WriteOctetString(Encoding.UTF8.GetBytes(password), new(TagClass.ContextSpecific, 0));
        }
    });

    internal Task<LdapAnswer> Search(
        Action<AsnWriter> filter, string baseDn = "DC=corp,DC=halden,DC=example", int scope = 2, string[]? attributes = null, (int Size, byte[] Cookie)? page = null) => Ask(writer =>
    {
        using (writer.PushSequence(new(TagClass.Application, 3, true)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(baseDn));
            writer.WriteEncodedValue([0x0a, 1, (byte)scope]);
            writer.WriteEncodedValue([0x0a, 1, 0]);
            writer.WriteInteger(0);
            writer.WriteInteger(0);
            writer.WriteBoolean(false);
            filter(writer);
            using (writer.PushSequence())
            {
                foreach (var attribute in attributes ?? [])
                {
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute));
                }
            }
        }

        if (page is { } wanted)
        {
            var value = new AsnWriter(AsnEncodingRules.BER);
            using (value.PushSequence())
            {
                value.WriteInteger(wanted.Size);
                value.WriteOctetString(wanted.Cookie);
            }

            using (writer.PushSequence(new(TagClass.ContextSpecific, 0, true)))
            using (writer.PushSequence())
            {
                writer.WriteOctetString("1.2.840.113556.1.4.319"u8);
                writer.WriteBoolean(true);
                writer.WriteOctetString(value.Encode());
            }
        }
    });

    internal static Action<AsnWriter> Equal(string name, string value) => Pair(3, name, value);

    internal static Action<AsnWriter> AtLeast(string name, string value) => Pair(5, name, value);

    internal static Action<AsnWriter> Present(string name) =>
        writer => writer.WriteOctetString(Encoding.UTF8.GetBytes(name), new(TagClass.ContextSpecific, 7));

    internal static Action<AsnWriter> And(params Action<AsnWriter>[] parts) => Group(0, parts);

    internal static Action<AsnWriter> Or(params Action<AsnWriter>[] parts) => Group(1, parts);

    internal static Action<AsnWriter> Not(Action<AsnWriter> part) => Group(2, part);

    /// <summary>Parts by their place: 0 initial, 1 any, 2 final.</summary>
    internal static Action<AsnWriter> Like(string name, params (int Place, string Text)[] parts) => writer =>
    {
        using (writer.PushSequence(new(TagClass.ContextSpecific, 4, true)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
            using (writer.PushSequence())
            {
                foreach (var (place, text) in parts)
                {
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(text), new(TagClass.ContextSpecific, place));
                }
            }
        }
    };

    internal static Action<AsnWriter> Rule(string rule, string name, string value) => writer =>
    {
        using (writer.PushSequence(new(TagClass.ContextSpecific, 9, true)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(rule), new(TagClass.ContextSpecific, 1));
            writer.WriteOctetString(Encoding.UTF8.GetBytes(name), new(TagClass.ContextSpecific, 2));
            writer.WriteOctetString(Encoding.UTF8.GetBytes(value), new(TagClass.ContextSpecific, 3));
        }
    };

    internal async Task Unbind()
    {
        await _tcp.Client.SendAsync(new byte[] { 0x30, 5, 2, 1, 99, 0x42, 0 }, RunningLab.Ct);
        Assert.Equal(0, await _tcp.GetStream().ReadAsync(new byte[1], RunningLab.Ct));
    }

    private static Action<AsnWriter> Pair(int tag, string name, string value) => writer =>
    {
        using (writer.PushSequence(new(TagClass.ContextSpecific, tag, true)))
        {
            writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
            writer.WriteOctetString(Encoding.UTF8.GetBytes(value));
        }
    };

    private static Action<AsnWriter> Group(int tag, params Action<AsnWriter>[] parts) => writer =>
    {
        using (writer.PushSequence(new(TagClass.ContextSpecific, tag, true)))
        {
            foreach (var part in parts)
            {
                part(writer);
            }
        }
    };

    private async Task<LdapAnswer> Ask(Action<AsnWriter> operation)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(++_id);
            operation(writer);
        }

        await _tcp.Client.SendAsync(writer.Encode(), RunningLab.Ct);
        var entries = new Dictionary<string, Dictionary<string, byte[][]>>();
        while (true)
        {
            var message = new AsnReader(await Message(), AsnEncodingRules.BER).ReadSequence();
            Assert.Equal(_id, (int)message.ReadInteger());
            var tag = message.PeekTag();
            var body = message.ReadSequence(tag);
            if (tag.TagValue == 4)
            {
                entries.Add(Encoding.UTF8.GetString(body.ReadOctetString()), Attributes(body.ReadSequence()));
                continue;
            }

            var code = body.ReadEnumeratedBytes().Span[^1];
            body.ReadOctetString();
            return new(code, Encoding.UTF8.GetString(body.ReadOctetString()), entries, Cookie(message));
        }
    }

    private static Dictionary<string, byte[][]> Attributes(AsnReader list)
    {
        var attributes = new Dictionary<string, byte[][]>();
        while (list.HasData)
        {
            var one = list.ReadSequence();
            var name = Encoding.UTF8.GetString(one.ReadOctetString());
            var values = new List<byte[]>();
            for (var set = one.ReadSetOf(true); set.HasData;)
            {
                values.Add(set.ReadOctetString());
            }

            attributes.Add(name, [.. values]);
        }

        return attributes;
    }

    private static byte[] Cookie(AsnReader message)
    {
        if (!message.HasData)
        {
            return [];
        }

        var control = message.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, true)).ReadSequence();
        control.ReadOctetString();
        var value = new AsnReader(control.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
        value.ReadInteger();
        return value.ReadOctetString();
    }

    private async Task<byte[]> Message()
    {
        var stream = _tcp.GetStream();
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, RunningLab.Ct);
        var more = new byte[head[1] > 0x80 ? head[1] & 0x7f : 0];
        await stream.ReadExactlyAsync(more, RunningLab.Ct);
        var length = more.Length == 0 ? head[1] : more.Aggregate(0, (sum, octet) => sum << 8 | octet);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, RunningLab.Ct);
        return [.. head, .. more, .. body];
    }
}

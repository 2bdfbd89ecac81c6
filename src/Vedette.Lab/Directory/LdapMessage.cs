using System.Formats.Asn1;
using System.Text;

namespace Vedette.Lab.Directory;

internal enum LdapOperation
{
    BindRequest = 0,
    BindResponse = 1,
    UnbindRequest = 2,
    SearchRequest = 3,
    SearchEntry = 4,
    SearchDone = 5,
    ModifyRequest = 6,
    AddRequest = 8,
    DeleteRequest = 10,
    RenameRequest = 12,
    CompareRequest = 14,
    AbandonRequest = 16,
    ExtendedRequest = 23,
    ExtendedResponse = 24,
}

internal enum LdapResult
{
    Success = 0,
    OperationsError = 1,
    ProtocolError = 2,
    SizeLimitExceeded = 4,
    AuthMethodNotSupported = 7,
    NoSuchObject = 32,
    InvalidCredentials = 49,
    Busy = 51,
    Unavailable = 52,
    UnwillingToPerform = 53,
}

/// <summary>Frames and spells LDAP messages.</summary>
internal static class LdapMessage
{
    private const int Largest = 1 << 20;

    /// <summary>Reads one whole message, or gives null at the end of the stream.</summary>
    internal static async Task<byte[]?> Read(Stream stream, CancellationToken ct)
    {
        var head = new byte[6];
        if (await stream.ReadAtLeastAsync(head.AsMemory(0, 2), 2, throwOnEndOfStream: false, ct) < 2)
        {
            return null;
        }

        var headLength = 2;
        int bodyLength = head[1];
        if ((head[1] & 0x80) != 0)
        {
            var more = head[1] & 0x7f;
            if (more is 0 or > 4)
            {
                throw new IOException("The length of the message is not one of LDAP.");
            }

            await stream.ReadExactlyAsync(head.AsMemory(2, more), ct);
            headLength += more;
            bodyLength = 0;
            foreach (var octet in head.AsSpan(2, more))
            {
                bodyLength = bodyLength << 8 | octet;
            }
        }

        if (bodyLength is < 0 or > Largest)
        {
            throw new IOException("The message is too long.");
        }

        var whole = new byte[headLength + bodyLength];
        head.AsSpan(0, headLength).CopyTo(whole);
        await stream.ReadExactlyAsync(whole.AsMemory(headLength), ct);
        return whole;
    }

    internal static Asn1Tag Tag(LdapOperation operation) => new(TagClass.Application, (int)operation, isConstructed: true);

    internal static byte[] Result(
        int id, LdapOperation operation, LdapResult result, string message = "", string matchedDn = "", Action<AsnWriter>? controls = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            using (writer.PushSequence(Tag(operation)))
            {
                writer.WriteEnumeratedValue(result);
                writer.WriteOctetString(Encoding.UTF8.GetBytes(matchedDn));
                writer.WriteOctetString(Encoding.UTF8.GetBytes(message));
            }

            controls?.Invoke(writer);
        }

        return writer.Encode();
    }

    internal static byte[] Entry(int id, DirectoryEntry entry, Func<string, bool> wants, bool typesOnly)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(id);
            using (writer.PushSequence(Tag(LdapOperation.SearchEntry)))
            {
                writer.WriteOctetString(Encoding.UTF8.GetBytes(entry.Dn));
                using (writer.PushSequence())
                {
                    foreach (var (name, values) in entry.Attributes.Where(attribute => wants(attribute.Spelling)))
                    {
                        Attribute(writer, name, typesOnly ? [] : values);
                    }
                }
            }
        }

        return writer.Encode();
    }

    private static void Attribute(AsnWriter writer, string name, byte[][] values)
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

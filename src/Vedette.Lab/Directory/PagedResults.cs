using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace Vedette.Lab.Directory;

/// <summary>The paged results control (RFC 2696). The cookie is simply the number of entries already given.</summary>
internal sealed record PagedResults(int Size, int Offset)
{
    internal const string Oid = "1.2.840.113556.1.4.319";

    private static readonly Asn1Tag Controls = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>Reads the controls behind an operation; null when none of them asks for pages.</summary>
    internal static PagedResults? Read(AsnReader message)
    {
        if (!message.HasData || !message.PeekTag().HasSameClassAndValue(Controls))
        {
            return null;
        }

        var controls = message.ReadSequence(Controls);
        while (controls.HasData)
        {
            var control = controls.ReadSequence();
            var isPaging = Encoding.UTF8.GetString(control.ReadOctetString()) == Oid;
            if (control.HasData && control.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
            {
                control.ReadBoolean();
            }

            if (isPaging && control.HasData)
            {
                var value = new AsnReader(control.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
                value.TryReadInt32(out var size);
                var cookie = Encoding.ASCII.GetString(value.ReadOctetString());
                return new(size, cookie.Length == 0 ? 0 : int.Parse(cookie, CultureInfo.InvariantCulture));
            }
        }

        return null;
    }

    /// <summary>Writes the answer's control; an empty cookie says that this was the last page.</summary>
    internal static void Write(AsnWriter message, int total, int? next)
    {
        var value = new AsnWriter(AsnEncodingRules.BER);
        using (value.PushSequence())
        {
            value.WriteInteger(total);
            value.WriteOctetString(next is null ? [] : Encoding.ASCII.GetBytes(next.Value.ToString(CultureInfo.InvariantCulture)));
        }

        using (message.PushSequence(Controls))
        using (message.PushSequence())
        {
            message.WriteOctetString(Encoding.ASCII.GetBytes(Oid));
            message.WriteOctetString(value.Encode());
        }
    }
}

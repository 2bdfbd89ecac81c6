using System.Formats.Asn1;
using System.Text;

namespace Vedette.Connectors.WindowsServer;

/// <summary>A search filter as the protocol carries it: built of nodes, so that no value can change its shape.</summary>
internal abstract record LdapFilter
{
    public static LdapFilter All(params IReadOnlyList<LdapFilter> parts) => new Set(0, parts);

    public static LdapFilter Any(params IReadOnlyList<LdapFilter> parts) => new Set(1, parts);

    public static LdapFilter Equal(string attribute, string value) => new Equality(attribute, value);

    public static LdapFilter Present(string attribute) => new There(attribute);

    public abstract void Write(AsnWriter writer);

    private sealed record Set(int Tag, IReadOnlyList<LdapFilter> Parts) : LdapFilter
    {
        public override void Write(AsnWriter writer)
        {
            var tag = new Asn1Tag(TagClass.ContextSpecific, Tag, isConstructed: true);
            using (writer.PushSequence(tag))
            {
                foreach (var part in Parts)
                {
                    part.Write(writer);
                }
            }
        }
    }

    private sealed record Equality(string Attribute, string Value) : LdapFilter
    {
        public override void Write(AsnWriter writer)
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true)))
            {
                writer.WriteOctetString(Encoding.UTF8.GetBytes(Attribute));
                writer.WriteOctetString(Encoding.UTF8.GetBytes(Value));
            }
        }
    }

    private sealed record There(string Attribute) : LdapFilter
    {
        public override void Write(AsnWriter writer) => writer.WriteOctetString(Encoding.UTF8.GetBytes(Attribute), new Asn1Tag(TagClass.ContextSpecific, 7));
    }
}

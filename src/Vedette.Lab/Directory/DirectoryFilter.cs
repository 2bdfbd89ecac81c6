using System.Formats.Asn1;
using System.Text;

namespace Vedette.Lab.Directory;

/// <summary>A search filter over an entry: and, or, not, equality, present, substrings.</summary>
internal static class DirectoryFilter
{
    public static bool Matches(ReadOnlyMemory<byte> filter, DirectoryEntry entry)
    {
        var reader = new AsnReader(filter, AsnEncodingRules.BER);
        var tag = reader.PeekTag();
        switch (tag.TagValue)
        {
            case 0:
                return Parts(reader, tag).TrueForAll(part => Matches(part, entry));
            case 1:
                return Parts(reader, tag).Exists(part => Matches(part, entry));
            case 2:
                return !Matches(Parts(reader, tag)[0], entry);
            case 3:
                var equality = reader.ReadSequence(tag);
                var (name, value) = (Text(equality.ReadOctetString()), Text(equality.ReadOctetString()));
                return Values(entry, name).Any(one => string.Equals(one, value, StringComparison.OrdinalIgnoreCase));
            case 4:
                var substrings = reader.ReadSequence(tag);
                var attribute = Text(substrings.ReadOctetString());
                var pieces = substrings.ReadSequence();
                var texts = new List<string>();
                while (pieces.HasData)
                {
                    texts.Add(Text(pieces.ReadOctetString(pieces.PeekTag())));
                }

                return Values(entry, attribute).Any(one => texts.TrueForAll(text => one.Contains(text, StringComparison.OrdinalIgnoreCase)));
            case 7:
                return Values(entry, Text(reader.ReadOctetString(tag))).Any();
            default:
                return false;
        }
    }

    private static List<ReadOnlyMemory<byte>> Parts(AsnReader reader, Asn1Tag tag)
    {
        var inside = reader.ReadSequence(tag);
        var parts = new List<ReadOnlyMemory<byte>>();
        while (inside.HasData)
        {
            parts.Add(inside.ReadEncodedValue());
        }

        return parts;
    }

    private static IEnumerable<string> Values(DirectoryEntry entry, string attribute) =>
        entry.Attributes.TryGetValue(attribute, out var values) ? values.Select(Text) : [];

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}

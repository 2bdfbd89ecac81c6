using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace Vedette.Lab.Directory;

/// <summary>A search filter (RFC 4511 section 4.5.1.7) read from the wire into a plain test.</summary>
internal static class LdapFilter
{
    private const string BitAnd = "1.2.840.113556.1.4.803";
    private const string BitOr = "1.2.840.113556.1.4.804";
    private const string InChain = "1.2.840.113556.1.4.1941";
    private const StringComparison Loose = StringComparison.OrdinalIgnoreCase;

    private delegate bool Test(DirectoryEntry entry);

    internal static Func<DirectoryEntry, bool> Read(AsnReader reader, HaldenDirectory directory)
    {
        var test = ReadOne(reader, directory, 0);
        return entry => test(entry);
    }

    private static Test ReadOne(AsnReader reader, HaldenDirectory directory, int depth)
    {
        // A filter nests at the client's will; the stack does not.
        if (depth > 64)
        {
            throw new AsnContentException("The filter nests too deeply.");
        }

        var tag = reader.PeekTag();
        switch (tag.TagValue)
        {
            case 0:
                var all = Several(reader.ReadSetOf(true, tag), directory, depth);
                return entry => all.TrueForAll(each => each(entry));
            case 1:
                var any = Several(reader.ReadSetOf(true, tag), directory, depth);
                return entry => any.Exists(each => each(entry));
            case 2:
                var inner = ReadOne(reader.ReadSequence(tag), directory, depth + 1);
                return entry => !inner(entry);
            case 3 or 8:
                var (name, value) = Assertion(reader.ReadSequence(tag));
                return entry => entry[name].Any(each => SameValue(name, each, value));
            case 4:
                return Substrings(reader.ReadSequence(tag));
            case 5:
                var (least, low) = Assertion(reader.ReadSequence(tag));
                return entry => entry[least].Any(each => Compare(each, low) >= 0);
            case 6:
                var (most, high) = Assertion(reader.ReadSequence(tag));
                return entry => entry[most].Any(each => Compare(each, high) <= 0);
            case 7:
                var present = Encoding.UTF8.GetString(reader.ReadOctetString(tag));
                return entry => entry[present].Length > 0;
            case 9:
                return Extensible(reader.ReadSequence(tag), directory);
            default:
                throw new AsnContentException($"There is no filter with tag {tag.TagValue}.");
        }
    }

    private static List<Test> Several(AsnReader reader, HaldenDirectory directory, int depth)
    {
        var tests = new List<Test>();
        while (reader.HasData)
        {
            tests.Add(ReadOne(reader, directory, depth + 1));
        }

        return tests;
    }

    private static (string Name, byte[] Value) Assertion(AsnReader reader) =>
        (Encoding.UTF8.GetString(reader.ReadOctetString()), reader.ReadOctetString());

    private static Test Substrings(AsnReader reader)
    {
        var name = Encoding.UTF8.GetString(reader.ReadOctetString());
        var parts = reader.ReadSequence();
        var wanted = new List<(int Place, string Text)>();
        while (parts.HasData)
        {
            var tag = parts.PeekTag();
            wanted.Add((tag.TagValue, Encoding.UTF8.GetString(parts.ReadOctetString(tag))));
        }

        return entry => entry[name].Any(value => Contains(Encoding.UTF8.GetString(value), wanted));
    }

    private static bool Contains(string text, List<(int Place, string Text)> wanted)
    {
        const int initial = 0;
        const int final = 2;
        var from = 0;
        foreach (var (place, part) in wanted)
        {
            if (place == final)
            {
                return text.Length - from >= part.Length && text.EndsWith(part, Loose);
            }

            var at = text.IndexOf(part, from, Loose);
            if (at < 0 || place == initial && at != 0)
            {
                return false;
            }

            from = at + part.Length;
        }

        return true;
    }

    private static Test Extensible(AsnReader reader, HaldenDirectory directory)
    {
        string rule = "", name = "";
        byte[] value = [];
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            var read = tag.TagValue == 4 ? [] : reader.ReadOctetString(tag);
            switch (tag.TagValue)
            {
                case 1:
                    rule = Encoding.UTF8.GetString(read);
                    break;
                case 2:
                    name = Encoding.UTF8.GetString(read);
                    break;
                case 3:
                    value = read;
                    break;
                default:
                    reader.ReadEncodedValue();
                    break;
            }
        }

        switch (rule)
        {
            case BitAnd or BitOr:
                var bits = Number(value) ?? 0;
                return entry => entry[name].Any(each => Number(each) is { } has
                    && (rule == BitAnd ? (has & bits) == bits : (has & bits) != 0));
            case InChain:
                var target = Encoding.UTF8.GetString(value);
                return entry => Chain(entry, name, target, directory, []);
            default:
                return entry => entry[name].Any(each => SameValue(name, each, value));
        }
    }

    private static bool Chain(DirectoryEntry entry, string attribute, string target, HaldenDirectory directory, HashSet<string> seen) =>
        entry[attribute].Select(Encoding.UTF8.GetString).Any(dn => dn.Equals(target, Loose)
            || seen.Add(dn) && directory.Entries.FirstOrDefault(each => each.Dn.Equals(dn, Loose)) is { } next
                && Chain(next, attribute, target, directory, seen));

    private static bool SameValue(string attribute, byte[] actual, byte[] wanted)
    {
        if (attribute.Equals("objectGUID", Loose) || attribute.Equals("objectSid", Loose))
        {
            return actual.AsSpan().SequenceEqual(wanted);
        }

        var text = Encoding.UTF8.GetString(actual);
        var asked = Encoding.UTF8.GetString(wanted);
        // Active Directory takes the class's short name for objectCategory.
        return text.Equals(asked, Loose)
            || attribute.Equals("objectCategory", Loose)
                && text.StartsWith($"CN={(asked.Equals("user", Loose) ? "person" : asked)},", Loose);
    }

    private static int Compare(byte[] actual, byte[] wanted) => (Number(actual), Number(wanted)) is ({ } left, { } right)
        ? left.CompareTo(right)
        : string.Compare(Encoding.UTF8.GetString(actual), Encoding.UTF8.GetString(wanted), Loose);

    private static long? Number(byte[] value) =>
        long.TryParse(Encoding.UTF8.GetString(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

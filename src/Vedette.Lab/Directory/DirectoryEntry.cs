using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Vedette.Lab.Directory;

/// <summary>One object of the directory: its name and the values of each attribute, as bytes, in the schema's spelling.</summary>
internal sealed class DirectoryEntry(string dn)
{
    private readonly Dictionary<string, (string Spelling, byte[][] Values)> _attributes = new(StringComparer.OrdinalIgnoreCase);

    internal string Dn { get; } = dn;

    /// <summary>Whom a bind as this entry must show, or null when nobody may bind as it.</summary>
    internal string? Password { get; init; }

    internal bool IsDisabled { get; init; }

    internal IEnumerable<(string Spelling, byte[][] Values)> Attributes => _attributes.Values;

    internal byte[][] this[string attribute] => _attributes.TryGetValue(attribute, out var found) ? found.Values : [];

    internal string Text(string attribute) => this[attribute] is [var first, ..] ? Encoding.UTF8.GetString(first) : "";

    /// <summary>Sets the values; an attribute without a value does not exist in LDAP.</summary>
    internal DirectoryEntry With(string attribute, params IEnumerable<string> values) =>
        WithBytes(attribute, [.. values.Where(value => value.Length > 0).Select(Encoding.UTF8.GetBytes)]);

    internal DirectoryEntry With(string attribute, long value) => With(attribute, value.ToString(CultureInfo.InvariantCulture));

    internal DirectoryEntry WithBytes(string attribute, params byte[][] values)
    {
        if (values.Length > 0)
        {
            _attributes[attribute] = (attribute, values);
        }

        return this;
    }

    internal DirectoryEntry WithSid(string sid) => WithBytes("objectSid", SidBytes(sid));

    private static byte[] SidBytes(string sid)
    {
        var parts = sid.Split('-');
        var bytes = new byte[8 + 4 * (parts.Length - 3)];
        bytes[0] = byte.Parse(parts[1], CultureInfo.InvariantCulture);
        bytes[1] = (byte)(parts.Length - 3);
        bytes[7] = byte.Parse(parts[2], CultureInfo.InvariantCulture);
        for (var i = 3; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8 + 4 * (i - 3)), uint.Parse(parts[i], CultureInfo.InvariantCulture));
        }

        return bytes;
    }
}

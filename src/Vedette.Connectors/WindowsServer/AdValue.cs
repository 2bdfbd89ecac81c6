using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Vedette.Connectors.WindowsServer;

/// <summary>Values of Active Directory in the forms people read.</summary>
internal static class AdValue
{
    private static readonly HashSet<string> Times = new(StringComparer.OrdinalIgnoreCase) { "lastLogonTimestamp", "lastLogon", "pwdLastSet", "accountExpires", "lockoutTime" };
    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase) { "memberOf", "objectClass", "servicePrincipalName", "member" };
    private static readonly HashSet<string> Numbers = new(StringComparer.OrdinalIgnoreCase) { "userAccountControl", "badPwdCount", "primaryGroupID", "logonCount", "sAMAccountType" };

    public static string Text(string attribute, byte[] value) => attribute.ToLowerInvariant() switch
    {
        "objectguid" when value.Length == 16 => new Guid(value).ToString("B"),
        "objectsid" when value.Length >= 8 => Sid(value),
        _ => Encoding.UTF8.GetString(value).Replace("\0", "", StringComparison.Ordinal),
    };

    public static JsonNode Typed(string attribute, IReadOnlyList<byte[]> values)
    {
        var texts = values.Select(value => One(attribute, Text(attribute, value))).ToList();
        return texts.Count == 1 && !Lists.Contains(attribute) ? texts[0] : new JsonArray([.. texts]);
    }

    /// <summary>A FILETIME as the original's summaries show it.</summary>
    public static string When(string? fileTime) => !long.TryParse(fileTime, CultureInfo.InvariantCulture, out var ticks) ? "Unknown"
        : ticks is 0 or long.MaxValue ? "Never"
        : DateTime.FromFileTimeUtc(ticks).ToString("MM/dd/yyyy hh:mm:ss tt 'UTC'", CultureInfo.InvariantCulture);

    private static JsonNode One(string attribute, string text)
    {
        if (Times.Contains(attribute) && long.TryParse(text, CultureInfo.InvariantCulture, out var ticks))
        {
            return ticks == long.MaxValue ? "9999-12-31 23:59:59.999999+00:00" : DateTime.FromFileTimeUtc(ticks).ToString("yyyy-MM-dd HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);
        }

        return Numbers.Contains(attribute) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : text;
    }

    private static string Sid(byte[] value)
    {
        var text = new StringBuilder("S-").Append(value[0]);
        long authority = 0;
        for (var i = 2; i < 8; i++)
        {
            authority = (authority << 8) | value[i];
        }

        text.Append('-').Append(authority);
        for (var i = 8; i + 4 <= value.Length; i += 4)
        {
            text.Append('-').Append(BitConverter.ToUInt32(value, i));
        }

        return text.ToString();
    }
}

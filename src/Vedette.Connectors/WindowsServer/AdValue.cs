using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Vedette.Connectors.WindowsServer;

/// <summary>Values of Active Directory in the forms people and playbooks know.</summary>
internal static class AdValue
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly HashSet<string> FileTimes = Names(
        "lastLogonTimestamp", "lastLogon", "lastLogoff", "pwdLastSet", "accountExpires", "lockoutTime", "badPasswordTime", "ms-Mcs-AdmPwdExpirationTime",
        "msDS-UserPasswordExpiryTimeComputed", "creationTime");

    private static readonly HashSet<string> GeneralizedTimes = Names("whenCreated", "whenChanged", "dSCorePropagationData", "createTimestamp", "modifyTimestamp");

    /// <summary>Many by schema: always a list, even with one value, so that a playbook meets one shape.</summary>
    private static readonly HashSet<string> Lists = Names(
        "memberOf", "member", "objectClass", "servicePrincipalName", "directReports", "managedObjects", "proxyAddresses", "otherTelephone", "otherMobile",
        "sIDHistory", "tokenGroups", "dSCorePropagationData", "url", "userCertificate", "msDS-AllowedToDelegateTo", "msDS-KeyCredentialLink");

    private static readonly HashSet<string> Numbers = Names(
        "userAccountControl", "badPwdCount", "primaryGroupID", "logonCount", "sAMAccountType", "groupType", "instanceType", "codePage", "countryCode", "adminCount",
        "uSNChanged", "uSNCreated", "localPolicyFlags", "msDS-SupportedEncryptionTypes", "msDS-User-Account-Control-Computed", "systemFlags", "uidNumber", "gidNumber");

    private static readonly HashSet<string> Sids = Names("objectSid", "sIDHistory", "tokenGroups", "mS-DS-CreatorSID", "securityIdentifier");

    private static readonly HashSet<string> Guids = Names("objectGUID", "netbootGUID", "mS-DS-ConsistencyGuid", "schemaIDGUID", "msExchMailboxGuid");

    /// <summary>One text as <c>get system attributes</c> gives it: text as it is, bytes as hex pairs.</summary>
    public static string Raw(string attribute, byte[] value) =>
        !Sids.Contains(attribute) && !Guids.Contains(attribute) && Readable(value) is { } text ? text : Hex(value);

    /// <summary>A value as <c>get attributes</c> gives it: bare or a list, in JSON's own types.</summary>
    public static JsonNode Typed(string attribute, IReadOnlyList<byte[]> values) => values.Count == 1 && !Lists.Contains(attribute)
        ? One(attribute, values[0])
        : new JsonArray([.. values.Select(value => One(attribute, value))]);

    /// <summary>A FILETIME as the original's summaries show it.</summary>
    public static string When(string? fileTime) => !long.TryParse(fileTime, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ticks) ? "Unknown"
        : ticks is 0 or long.MaxValue ? "Never"
        : Moment(ticks) is { } moment ? moment.ToString("MM/dd/yyyy hh:mm:ss tt 'UTC'", CultureInfo.InvariantCulture)
        : "Unknown";

    public static string? Guid(byte[]? value) => value is { Length: 16 } ? new Guid(value).ToString("B") : null;

    public static string? Sid(byte[]? value)
    {
        // Revision, count, six bytes of authority, then count numbers: anything else is no SID.
        if (value is null || value.Length < 8 || value.Length != 8 + (4 * value[1]))
        {
            return null;
        }

        var authority = ((long)BinaryPrimitives.ReadUInt16BigEndian(value.AsSpan(2)) << 32) | BinaryPrimitives.ReadUInt32BigEndian(value.AsSpan(4));
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"S-{value[0]}-{authority}"));
        for (var i = 8; i < value.Length; i += 4)
        {
            text.Append(CultureInfo.InvariantCulture, $"-{BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(i))}");
        }

        return text.ToString();
    }

    private static JsonNode One(string attribute, byte[] value)
    {
        if ((Sids.Contains(attribute) ? Sid(value) : Guids.Contains(attribute) ? Guid(value) : null) is { } identity)
        {
            return identity;
        }

        if (Readable(value) is not { } text)
        {
            return Hex(value);
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return Numbers.Contains(attribute) ? number : FileTimes.Contains(attribute) ? FromFileTime(number) ?? text : text;
        }

        return text switch
        {
            // The directory writes its booleans so, and nothing else in capitals alone that is one of these words.
            "TRUE" => true,
            "FALSE" => false,
            _ when GeneralizedTimes.Contains(attribute) && Generalized(text) is { } moment => Printed(moment),
            _ => text,
        };
    }

    private static string? FromFileTime(long ticks) => ticks == long.MaxValue
        ? "9999-12-31 23:59:59.999999+00:00"
        : Moment(ticks) is { } moment ? Printed(moment) : null;

    /// <summary>The moment, or null where the number is beyond the calendar: the directory stores whatever was written to it.</summary>
    private static DateTime? Moment(long ticks) =>
        ticks >= 0 && ticks <= DateTime.MaxValue.Ticks - DateTime.UnixEpoch.AddYears(-369).Ticks ? DateTime.FromFileTimeUtc(ticks) : null;

    private static DateTime? Generalized(string text) => DateTime.TryParseExact(
        text,
        ["yyyyMMddHHmmss'Z'", "yyyyMMddHHmmss.f'Z'", "yyyyMMddHHmmss.FFFFFF'Z'"],
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out var moment) ? moment : null;

    /// <summary>As Python prints a moment: parts of a second only when there are any, and then six digits.</summary>
    private static string Printed(DateTime moment) => moment.ToString(
        moment.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond == 0 ? "yyyy-MM-dd HH:mm:ss'+00:00'" : "yyyy-MM-dd HH:mm:ss.ffffff'+00:00'",
        CultureInfo.InvariantCulture);

    private static string? Readable(byte[] value)
    {
        try
        {
            var text = Strict.GetString(value);
            return text.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t')) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            // Bytes, not text.
            return null;
        }
    }

    private static string Hex(byte[] value) => string.Join(' ', value.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static HashSet<string> Names(params string[] names) => new(names, StringComparer.OrdinalIgnoreCase);
}

using System.Text.Json.Nodes;

namespace Vedette.Model;

/// <summary>The standard CEF fields, and what each contains unless an artifact says otherwise.</summary>
public static class CefFields
{
    private static readonly (string Contains, string Keys)[] Groups =
    [
        ("ip", "sourceAddress destinationAddress deviceAddress sourceTranslatedAddress destinationTranslatedAddress deviceTranslatedAddress src dst dvc"),
        ("ipv6", "deviceCustomIPv6Address1 deviceCustomIPv6Address2 deviceCustomIPv6Address3 deviceCustomIPv6Address4"),
        ("host name", "sourceHostName destinationHostName deviceHostname shost dhost dvchost"),
        ("domain", "destinationDnsDomain sourceDnsDomain deviceDnsDomain sourceNtDomain destinationNtDomain deviceNtDomain"),
        ("port", "sourcePort destinationPort sourceTranslatedPort destinationTranslatedPort spt dpt"),
        ("mac address", "sourceMacAddress destinationMacAddress deviceMacAddress smac dmac"),
        ("user name", "sourceUserName destinationUserName sourceUserId destinationUserId suser duser suid duid"),
        ("url", "requestURL request"),
        ("file name", "fileName oldFileName fname"),
        ("file path", "filePath oldFilePath"),
        ("hash", "fileHash oldFileHash"),
        ("md5", "fileHashMd5"),
        ("sha1", "fileHashSha1"),
        ("sha256", "fileHashSha256"),
        ("file size", "fileSize oldFileSize fsize"),
        ("vault id", "vaultId"),
        ("process name", "sourceProcessName destinationProcessName deviceProcessName sproc dproc"),
        ("pid", "sourceProcessId destinationProcessId deviceProcessId spid dpid dvcpid"),
        ("email", "fromEmail toEmail"),
        ("", "act agentAddress agentHostName agentId agentType app applicationProtocol baseEventCount bytesIn bytesOut cat categoryBehavior categoryDeviceGroup categoryObject categoryOutcome categorySignificance cnt"),
        ("", "cn1 cn1Label cn2 cn2Label cn3 cn3Label cs1 cs1Label cs2 cs2Label cs3 cs3Label cs4 cs4Label cs5 cs5Label cs6 cs6Label"),
        ("", "destinationServiceName destinationUserPrivileges destinationZone deviceAction deviceCustomDate1 deviceCustomDate1Label deviceCustomDate2 deviceCustomDate2Label"),
        ("", "deviceCustomIPv6Address1Label deviceCustomIPv6Address2Label deviceCustomIPv6Address3Label deviceCustomIPv6Address4Label"),
        ("", "deviceCustomNumber1 deviceCustomNumber1Label deviceCustomNumber2 deviceCustomNumber2Label deviceCustomNumber3 deviceCustomNumber3Label"),
        ("", "deviceCustomString1 deviceCustomString1Label deviceCustomString2 deviceCustomString2Label deviceCustomString3 deviceCustomString3Label"),
        ("", "deviceCustomString4 deviceCustomString4Label deviceCustomString5 deviceCustomString5Label deviceCustomString6 deviceCustomString6Label"),
        ("", "deviceDirection deviceEventCategory deviceEventClassId deviceExternalId deviceFacility deviceInboundInterface deviceOutboundInterface deviceProduct devicePayloadId deviceReceiptTime deviceSeverity deviceTimeZone deviceVendor deviceVersion deviceZone"),
        ("", "dntdom dpriv dtz emailId endTime eventId eventOutcome externalId fileCreateTime fileId fileModificationTime filePermission fileType"),
        ("", "flexDate1 flexDate1Label flexNumber1 flexNumber1Label flexNumber2 flexNumber2Label flexString1 flexString1Label flexString2 flexString2Label"),
        ("", "message method msg oldFileCreateTime oldFileId oldFileModificationTime oldFilePermission oldFileType outcome priority proto rawEvent reason receiptTime"),
        ("", "requestClientApplication requestContext requestCookies requestMethod sessionId sntdom sourceServiceName sourceUserPrivileges sourceZone spriv startTime transportProtocol type"),
    ];

    /// <summary>Types that no standard field has, but actions and artifacts do.</summary>
    public static IReadOnlyList<string> Further { get; } = ["date", "pe file", "sid", "severity", "status", "phantom container id", "phantom container label", "splunk notable event id", "splunk query"];

    /// <summary>Field to what it contains; empty for nothing in particular.</summary>
    public static IReadOnlyDictionary<string, string> Standard { get; } = Groups
        .SelectMany(group => group.Keys.Split(' ').Select(key => (key, group.Contains)))
        .ToDictionary(pair => pair.key, pair => pair.Contains, StringComparer.Ordinal);

    /// <summary>An artifact's own types and, for its fields that have none, the standard ones.</summary>
    public static JsonObject AllTypes(JsonObject? cef, JsonObject? types)
    {
        var all = types?.DeepClone().AsObject() ?? [];
        foreach (var key in (cef ?? []).Select(pair => pair.Key))
        {
            if (!all.ContainsKey(key) && Standard.GetValueOrDefault(key) is { Length: > 0 } contains)
            {
                all[key] = new JsonArray(contains);
            }
        }

        return all;
    }
}

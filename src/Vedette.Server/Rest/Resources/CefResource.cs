using System.Text.Json.Nodes;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>cef_metadata</c>: the standard CEF fields and what they contain.</summary>
internal sealed class CefResource : IResource
{
    private static readonly (string Contains, string Keys)[] Standard =
    [
        ("ip", "sourceAddress destinationAddress deviceAddress sourceTranslatedAddress destinationTranslatedAddress deviceTranslatedAddress src dst dvc"),
        ("host name", "sourceHostName destinationHostName deviceHostname shost dhost dvchost"),
        ("domain", "destinationDnsDomain sourceDnsDomain deviceDnsDomain sourceNtDomain destinationNtDomain"),
        ("port", "sourcePort destinationPort sourceTranslatedPort destinationTranslatedPort spt dpt"),
        ("mac address", "sourceMacAddress destinationMacAddress deviceMacAddress smac dmac"),
        ("user name", "sourceUserName destinationUserName sourceUserId destinationUserId suser duser suid duid"),
        ("url", "requestURL request"),
        ("file name", "fileName"),
        ("file path", "filePath"),
        ("hash", "fileHash oldFileHash"),
        ("md5", "fileHashMd5"),
        ("sha1", "fileHashSha1"),
        ("sha256", "fileHashSha256"),
        ("file size", "fileSize"),
        ("vault id", "vaultId"),
        ("process name", "sourceProcessName destinationProcessName deviceProcessName sproc dproc"),
        ("email", "fromEmail toEmail"),
        ("", "act app applicationProtocol baseEventCount bytesIn bytesOut cat cnt deviceAction deviceDirection deviceEventCategory deviceExternalId deviceFacility deviceInboundInterface deviceOutboundInterface sourceServiceName destinationServiceName sourceUserPrivileges destinationUserPrivileges externalId fileId filePermission fileType fileCreateTime fileModificationTime message msg method requestMethod requestCookies requestClientApplication receiptTime startTime endTime transportProtocol"),
    ];

    public IReadOnlyList<string> Names => ["cef_metadata"];

    public Task<RestAnswer> Answer(RestCall call)
    {
        if (!call.IsGet)
        {
            return Task.FromResult(Resource.NotAllowed(call));
        }

        var cef = new JsonObject();
        var all = new JsonArray();
        foreach (var (contains, keys) in Standard)
        {
            if (contains.Length > 0)
            {
                all.Add(contains);
            }

            foreach (var key in keys.Split(' '))
            {
                cef[key] = new JsonObject { ["contains"] = contains.Length == 0 ? new JsonArray() : new JsonArray(contains) };
            }
        }

        return Task.FromResult(RestAnswer.Ok(new JsonObject { ["cef"] = cef, ["all_contains"] = all }));
    }
}

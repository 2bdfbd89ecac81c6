using System.Text.Json.Nodes;

namespace Vedette.Trial.Answers;

/// <summary>A value that looks like what its name and type say. Addresses and names are those set aside for examples.</summary>
internal static class MadeUpValue
{
    private static readonly (string[] Words, JsonValue Value)[] ByName =
    [
        (["sha256"], JsonValue.Create("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")!),
        (["sha1"], JsonValue.Create("a94a8fe5ccb19ba61c4c0873d391e987982fbbd3")!),
        (["hash", "md5"], JsonValue.Create("098f6bcd4621d373cade4e832627b4f6")!),
        (["mac"], JsonValue.Create("00:00:5e:00:53:01")!),
        (["email", "principal", "sender", "recipient", "from", "mailbox"], JsonValue.Create("sam@example.com")!),
        (["url", "uri", "link", "permalink"], JsonValue.Create("https://www.example.com/page")!),
        (["domain", "fqdn"], JsonValue.Create("example.com")!),
        (["hostname", "host", "computer", "endpoint", "device"], JsonValue.Create("wks-0417")!),
        (["sourceaddress", "src"], JsonValue.Create("192.0.2.10")!),
        (["ip", "address", "dest"], JsonValue.Create("203.0.113.10")!),
        (["user", "username", "account", "login"], JsonValue.Create("sam")!),
        (["date", "time", "created", "updated", "modified", "timestamp"], JsonValue.Create("2026-01-02T03:04:05.000000Z")!),
        (["vault"], JsonValue.Create("a94a8fe5ccb19ba61c4c0873d391e987982fbbd3")!),
        (["priority"], JsonValue.Create("medium")!),
        (["port", "count", "total", "size", "score", "number", "positives", "level", "confidence", "pid", "malicious", "harmless", "suspicious", "undetected"], JsonValue.Create(1)),
        (["severity", "urgency"], JsonValue.Create("medium")!),
        (["sensitivity"], JsonValue.Create("amber")!),
        (["tactic"], JsonValue.Create("execution")!),
        (["technique"], JsonValue.Create("T1059")!),
        (["repo"], JsonValue.Create("local")!),
        (["country"], JsonValue.Create("NO")!),
        (["id"], JsonValue.Create("1")!),
    ];

    /// <summary>What the made-up vault id and digests are those of.</summary>
    public static ReadOnlySpan<byte> FileContent => "test"u8;

    public static JsonNode Of(string name, string type, IReadOnlyList<string> contains, JsonObject parameters)
    {
        switch (type)
        {
            case "numeric":
                return 1;
            case "boolean":
                return true;
            default:
                break;
        }

        // An answer speaks of what was asked about.
        if (parameters.TryGetPropertyValue(name, out var same) && same is not null)
        {
            return same.DeepClone();
        }

        // Too short to be looked for inside a longer name.
        if (name == "ts")
        {
            return "2026-01-02T03:04:05.000000Z";
        }

        if (name.Split('_').Contains("ids"))
        {
            return "1";
        }

        foreach (var word in contains.Append(name).Select(Plain))
        {
            foreach (var (words, value) in ByName)
            {
                if (words.Any(one => word == one || (one.Length > 2 && word.Contains(one, StringComparison.Ordinal)) || (one.Length == 2 && (word.StartsWith(one, StringComparison.Ordinal) || word.EndsWith(one, StringComparison.Ordinal)))))
                {
                    return type == "string" ? Likely(value) : value.DeepClone();
                }
            }
        }

        return $"example {name}";
    }

    private static JsonNode Likely(JsonValue value) => value.TryGetValue<string>(out var text) ? text : value.ToJsonString();

    private static string Plain(string word) => word.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
}

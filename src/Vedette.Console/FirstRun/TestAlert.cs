using System.Globalization;
using System.Text.Json;
using Vedette.Engine.Containers;

namespace Vedette.Console.FirstRun;

/// <summary>An alert to see the platform work: a workstation, a young domain, 48 MB. Each sending is an alert of its own.</summary>
internal static class TestAlert
{
    public static ContainerDraft Container(DateTimeOffset now) => new()
    {
        Name = "Suspicious outbound connection",
        Description = "A test alert: wks-0417 sent 45 MB to cdn-telemetry.example.net, a destination first seen today",
        Label = "events",
        Severity = "medium",
        Sensitivity = "amber",
        SourceDataIdentifier = $"test-alert-{now.UtcTicks.ToString(CultureInfo.InvariantCulture)}",
        StartTime = now,
        Tags = ["test"],
    };

    public static ArtifactDraft Artifact(DateTimeOffset now) => new()
    {
        Name = "Outbound connection",
        Type = "network",
        Severity = "medium",
        SourceDataIdentifier = $"test-alert-{now.UtcTicks.ToString(CultureInfo.InvariantCulture)}-0",
        StartTime = now,
        RunAutomation = true,
        Cef = JsonSerializer.SerializeToElement(new Dictionary<string, string>
        {
            ["sourceAddress"] = "10.20.14.57",
            ["sourceHostName"] = "wks-0417",
            ["sourceUserId"] = "jdoe",
            ["destinationAddress"] = "198.51.100.77",
            ["destinationDnsDomain"] = "cdn-telemetry.example.net",
            ["destinationPort"] = "443",
            ["bytesOut"] = "48211377",
            ["requestURL"] = "https://cdn-telemetry.example.net/g/beat?id=41",
        }),
    };
}

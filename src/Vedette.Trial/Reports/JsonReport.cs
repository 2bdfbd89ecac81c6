using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vedette.Trial.Reports;

/// <summary>The report for machines; its schema is <c>docs/playbook-report.schema.json</c>.</summary>
public static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public static string Write(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonSerializer.Serialize(new { report.Playbooks }, Options) + "\n";
    }
}

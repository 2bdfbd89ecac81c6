using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Screens;

/// <summary>A believable night in a security operations centre, sent by REST as systems and people would.</summary>
internal sealed class DemoDay(HttpClient admin, HttpClient automation)
{
    /// <summary>Name, severity, status, owner, minutes since it came, minutes left to respond, artifacts.</summary>
    private static readonly (string Name, string Severity, string Status, string? Owner, int Due, int Artifacts)[] Events =
    [
        ("Crawler above rate: portal.halden.example", "low", "new", null, 258, 1),
        ("Legacy protocol SMBv1 from LAB-07", "low", "new", null, 261, 1),
        ("Self-signed certificate seen: 203.0.113.190", "low", "new", null, 254, 2),
        ("Disk encryption suspended on HR-LT-0066", "low", "new", null, 250, 1),
        ("Expired API key used: build-runner-07", "low", "open", "tomas", 246, 2),
        ("Proxy bypass attempt from kiosk KSK-0011", "low", "new", null, 242, 1),
        ("New scheduled task on ENG-WS-0188: UpdateCheck", "low", "new", null, 238, 2),
        ("Mailbox rule forwards outside: a.keller → webmail.example", "medium", "open", "mira", 36, 3),
        ("Failed logins above threshold: kiosk accounts", "low", "new", null, 196, 4),
        ("Beaconing every 60 s: ENG-LT-0090 → 198.51.100.14", "medium", "open", "priya", 34, 7),
        ("DNS query to a newly seen domain: stat-pixel.example", "low", "new", null, 204, 2),
        ("OAuth consent to unverified application Mail Sync Pro", "medium", "open", "tomas", 31, 3),
        ("Port scan from guest Wi-Fi 10.9.3.88, 1 024 ports", "low", "new", null, 211, 2),
        ("TLS certificate expires in 6 days: portal.halden.example", "low", "new", null, 222, 1),
        ("USB mass storage on kiosk KSK-0007", "low", "new", null, 224, 1),
        ("Phishing reported: “Invoice 88213 overdue”, 4 recipients", "medium", "open", "jonas", 28, 9),
        ("New local administrator svc_print on HR-WS-0031", "low", "new", null, 236, 2),
        ("Impossible travel: d.harlow, Oslo then Lagos in 22 min", "medium", "new", null, 27, 2),
        ("Ransomware canary touched: FS-HQ-02 share Finance", "high", "new", null, 14, 2),
        ("Data egress over baseline: SRV-DB-04, 9.2 GB to object storage", "high", "open", "priya", 11, 5),
        ("Encoded PowerShell on ENG-WS-0207, parent winword.exe", "medium", "open", "mira", 8, 4),
        ("Brute force, then success: svc_backup on SRV-BK-01", "medium", "open", "jonas", -2, 6),
    ];

    private static readonly (string Username, string First, string Last)[] People = [("mira", "Mira", "Okafor"), ("jonas", "Jonas", "Lindqvist"), ("priya", "Priya", "Raman"), ("tomas", "Tomás", "Vidal")];

    public const string Password = "a-password-for-screens-1";

    public async Task Staff()
    {
        foreach (var (username, first, last) in People)
        {
            await Post(admin, "rest/ph_user", new JsonObject { ["username"] = username, ["first_name"] = first, ["last_name"] = last, ["password"] = Password, ["type"] = "normal", ["roles"] = new JsonArray("Incident Commander") });
        }
    }

    public async Task Queue()
    {
        foreach (var (at, one) in Events.Index())
        {
            var id = (await Post(automation, "rest/container", new JsonObject
            {
                ["name"] = one.Name,
                ["label"] = "events",
                ["severity"] = one.Severity,
                ["source_data_identifier"] = $"demo-{at}",
                ["due_time"] = DateTime.UtcNow.AddMinutes(one.Due).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["run_automation"] = false,
                ["artifacts"] = new JsonArray([.. Enumerable.Range(0, one.Artifacts).Select(number => (JsonNode)new JsonObject { ["name"] = $"evidence {number}", ["source_data_identifier"] = $"a{number}", ["run_automation"] = false, ["cef"] = new JsonObject { ["sourceAddress"] = $"10.1.{at}.{number + 10}" } })]),
            })).GetProperty("id").GetInt64();
            var change = new JsonObject { ["status"] = one.Status };
            if (one.Owner is not null)
            {
                change["owner_id"] = one.Owner;
            }

            await Post(admin, $"rest/container/{id}", change);
        }
    }

    public async Task Tell(long container)
    {
        await Post(admin, "rest/note", new JsonObject { ["container_id"] = container, ["title"] = "", ["content"] = "User on leave since Friday. Laptop should be **off**.", ["note_type"] = "general" });
        await Post(admin, $"rest/container/{container}", new JsonObject { ["owner_id"] = "mira", ["status"] = "open", ["due_time"] = DateTime.UtcNow.AddMinutes(7.4).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) });
    }

    private static async Task<JsonElement> Post(HttpClient client, string path, JsonObject body)
    {
        using var response = await client.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(text) : throw new InvalidOperationException($"{path}: {text}");
    }
}

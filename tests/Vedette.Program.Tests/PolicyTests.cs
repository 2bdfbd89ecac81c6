using System.Text.Json;
using Vedette.Lab;

namespace Vedette.Program.Tests;

/// <summary>The policy and the stop switch of a part, at the terminal.</summary>
public sealed class PolicyTests : ProgramTest
{
    [Fact]
    public async Task PolicyFromAFile_IsSetShownAndExplained()
    {
        await using var lab = await Lab.Lab.Start(new LabOptions(), Ct);
        await using var server = await Serve("--lab", lab.Url);
        var file = Beside("policy.json");
        await File.WriteAllTextAsync(file, """
            {
              // Nobody writes tickets at all.
              "level": "guarded",
              "rules": [{ "name": "no tickets", "when": { "action": "create ticket" }, "never": true }],
              "caps": [{ "name": "ten", "when": { "reach": ["records"] }, "most": 10, "within_minutes": 60 }]
            }
            """, Ct);

        var byToken = await ByToken("policy", "explain", "create ticket", "servicenow");
        var set = await AsAdmin("policy", "set", file);
        var told = await AsAdmin("policy", "explain", "create ticket", "servicenow");
        var shown = await AsAdmin("policy", "show");

        Assert.StartsWith("It would be done by itself.\nBecause: automatic: it records", byToken.Said, StringComparison.Ordinal);
        Assert.True(set.Status == 0, set.All);
        Assert.Contains("The policy of policy.json is in force.", set.Said, StringComparison.Ordinal);
        Assert.Contains("It would be refused.\nBecause: Refused by policy: rule \"no tickets\" says never to \"create ticket\" on asset \"servicenow\" here.", told.Said, StringComparison.Ordinal);
        Assert.Contains("  rule \"no tickets\", never: applies", told.Said, StringComparison.Ordinal);
        Assert.Contains("  cap \"ten\": 0 of 10 actions", told.Said, StringComparison.Ordinal);
        Assert.Equal("guarded", JsonSerializer.Deserialize<JsonElement>(shown.Said).GetProperty("level").GetString());
    }

    [Fact]
    public async Task WrongPolicy_IsRefusedWithAllThatIsWrong()
    {
        await using var server = await Serve();
        var file = Beside("policy.json");
        await File.WriteAllTextAsync(file, """{"level":"free","rule":[]}""", Ct);

        var set = await AsAdmin("policy", "set", file);
        var none = await AsAdmin("policy", "set", Beside("other.json"));

        Assert.Equal((1, 1), (set.Status, none.Status));
        Assert.Contains("\"rule\", which is not known", set.Complained, StringComparison.Ordinal);
        Assert.Contains("level is \"free\" and has to be one of: full, guarded, assist, observe", set.Complained, StringComparison.Ordinal);
        Assert.Contains("other.json", none.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T21_OneLabelStops_AndGoesOnByTheSame()
    {
        await using var server = await Serve();

        var stopped = await AsAdmin("stop", "--label", "events", "--reason", "a flood");
        using var admin = Admin(server.Url);
        var there = (await Json(admin, "/rest/stop_switch")).GetProperty("parts")[0];
        var resumed = await AsAdmin("resume", "--label", "events");
        var twice = await AsAdmin("resume", "--label", "events");

        Assert.Contains("Stopped: no action of label events leaves", stopped.Said, StringComparison.Ordinal);
        Assert.Equal(("label", "events", "a flood"), (there.GetProperty("kind").GetString(), there.GetProperty("value").GetString(), there.GetProperty("reason").GetString()));
        Assert.Contains("Resumed: actions of label events leave", resumed.Said, StringComparison.Ordinal);
        Assert.Equal(1, twice.Status);
        Assert.Contains("is not stopped", twice.Complained, StringComparison.Ordinal);
        Assert.Equal(0, (await Json(admin, "/rest/stop_switch")).GetProperty("parts").GetArrayLength());
    }
}

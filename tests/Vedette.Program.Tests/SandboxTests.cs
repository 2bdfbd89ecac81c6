using Vedette.Lab;
using Vedette.Lab.Alerts;

namespace Vedette.Program.Tests;

/// <summary>A machine on which the sandbox does not hold: what is missing is switched off by a setting.</summary>
public sealed class SandboxTests : ProgramTest
{
    private const string Weaker = "open-no-namespaces-user-landlock";
    private static readonly string[] Without = ["--sandbox-without", "landlock", "namespaces", "user"];

    [Fact]
    public async Task T05_SandboxThatDoesNotHold_RunsWaitUntilThatLevelIsAcceptedByName()
    {
        await using var lab = await Lab.Lab.Start(new LabOptions(), Ct);
        await using (await Serve("--lab", lab.Url))
        {
            // Playbooks are there and active; the next start finds a weaker machine.
        }

        await using (var server = await Serve(["--lab", lab.Url, .. Without]))
        {
            await server.Line($"No playbook runs: the sandbox is at the level \"{Weaker}\"");
            using var client = server.Client(Token);
            await new SplunkPusher(client, Token, new SplunkAlerts("a", TimeProvider.System)).Push(0, Ct);
            await server.Line(" waits: Not denied: ");
            Assert.Equal(0, (await Json(client, "/rest/action_run")).GetProperty("count").GetInt64());
            Assert.Equal(1, (await Doctor()).Status);

            var other = await AsAdmin("sandbox", "accept", "open");
            Assert.Equal(1, other.Status);
            Assert.Contains($"The level reached is \"{Weaker}\", not \"open\"", other.Complained, StringComparison.Ordinal);
            var accepted = await AsAdmin("sandbox", "accept", Weaker);
            Assert.Equal(0, accepted.Status);

            await lab.TicketsReached(1, Ct);
        }

        await using var again = await Serve(["--lab", lab.Url, .. Without]);
        await again.Line($"Sandbox of playbooks: {Weaker}, which does not hold everything and was accepted by an administrator.");
        var doctor = await Doctor();
        Assert.Equal(0, doctor.Status);
        Assert.Contains("look   sandbox", doctor.Said, StringComparison.Ordinal);
        using var acts = Admin(again.Url);
        var act = Assert.Single(await Record(acts, "sandbox_level"));
        Assert.Equal("accepted", act.GetProperty("ACTION").GetString());
        Assert.Contains(Weaker, act.GetProperty("NEW VALUE").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T05_FirstStartAtAWeakerLevel_AcceptanceBringsThePlaybooks_AndCanBeTakenBack()
    {
        await using var server = await Serve(Without);
        Assert.Empty((await AsAdmin("playbook", "list")).Said);

        Assert.Equal(0, (await AsAdmin("sandbox", "accept", Weaker)).Status);
        Assert.Contains("community/", (await AsAdmin("playbook", "list")).Said, StringComparison.Ordinal);

        Assert.Equal(0, (await AsAdmin("sandbox", "withdraw")).Status);
        Assert.StartsWith("No playbook runs:", (await AsAdmin("sandbox", "show")).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T05_TokenMayNotAccept()
    {
        await using var server = await Serve(Without);
        using var client = server.Client(Token);

        using var answer = await client.PostAsync("/rest/sandbox", new StringContent($"{{\"accept\":\"{Weaker}\"}}"), Ct);

        Assert.Equal(System.Net.HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task SandboxThatHolds_HasNothingToAccept()
    {
        await using var server = await Serve();

        var ended = await AsAdmin("sandbox", "accept", "full");

        Assert.Equal(1, ended.Status);
        Assert.Contains("there is nothing to accept", ended.Complained, StringComparison.Ordinal);
        Assert.Contains("denied    read /etc/shadow", (await AsAdmin("sandbox", "show")).Said, StringComparison.Ordinal);
    }

    private Task<Ended> Doctor() => Program.Run(["doctor", "--data", Data, "--urls", "https://127.0.0.1:0", .. Without]);
}

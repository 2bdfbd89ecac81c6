using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Lab.Alerts;

namespace Vedette.Server.Tests;

/// <summary>How often a playbook starts for what is posted, and on what.</summary>
public sealed class RunStartTests
{
    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    public async Task BatchOfArtifactsWithOneThatAsks_PlaybookStartsOnce(params bool[] asks)
    {
        await using var site = await Site.Open();
        var alerts = new SplunkAlerts("a", TimeProvider.System);
        var container = (await site.Post("/rest/container", alerts.Container(0).ToJsonString())).Body.GetProperty("id").GetInt64();
        var batch = asks.Select((asked, i) =>
        {
            var artifact = alerts.Artifact(0, container);
            artifact["source_data_identifier"] = $"part-{i}";
            artifact["run_automation"] = asked;
            return artifact;
        });

        var (status, answers) = await site.Post("/rest/artifact", JsonSerializer.Serialize(batch));

        Assert.True(status == 200, answers.ToString());
        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Single(await site.Server.Store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ContainerId), container)), TestContext.Current.CancellationToken));
        Assert.Empty(await site.Server.Store.Select<TriggerRow>(Query.For(Where.Is(nameof(TriggerRow.Handled), false)), TestContext.Current.CancellationToken));
        Assert.Equal(asks.Length, (await site.Get($"/rest/container/{container}")).GetProperty("artifact_count").GetInt64());
    }
}

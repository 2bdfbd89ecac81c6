using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Lab.Alerts;

namespace Vedette.Server.Tests;

/// <summary>The same alert sent by several senders at one moment.</summary>
public sealed class SameMomentTests
{
    private const int Senders = 4;

    [Fact]
    public async Task SameIdentifier_OneEventOneRunOneTicketAndAllSendersHearTheSameIds()
    {
        await using var site = await Site.Open();
        var story = new SplunkAlerts("a", TimeProvider.System);
        var alert = story.Container(0);
        var artifact = story.Artifact(0, 0);
        artifact.Remove("container_id");
        alert["run_automation"] = true;
        alert["artifacts"] = new JsonArray(artifact);
        var text = alert.ToJsonString();

        var answers = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => site.Post("/rest/container", text)));

        var containers = answers.Select(answer => Id(answer.Body, "id", "existing_container_id")).Distinct().ToList();
        var artifacts = answers.Select(answer => Id(answer.Body.GetProperty("artifacts")[0], "id", "existing_artifact_id")).Distinct().ToList();
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Single(answers, answer => answer.Body.TryGetProperty("success", out _));
        var run = await site.RunEnded(Assert.Single(containers));
        Assert.Equal("success", run.Status);
        Assert.Equal(Assert.Single(artifacts), Assert.Single(await Rows<ArtifactRow>(site)).Id);
        Assert.Single(await Rows<ContainerRow>(site));
        Assert.Single(await Rows<PlaybookRunRow>(site));
        Assert.Single((await site.Tickets()).EnumerateArray());
    }

    [Fact]
    public async Task SameContentWithoutIdentifier_EachAlertIsKeptInOneEventWithOneTicket()
    {
        await using var site = await Site.Open();
        var story = new SplunkAlerts("a", TimeProvider.System);
        var alert = story.Container(0);
        var artifact = story.Artifact(0, 0);
        artifact.Remove("container_id");
        artifact.Remove("source_data_identifier");
        alert.Remove("source_data_identifier");
        alert["run_automation"] = true;
        alert["artifacts"] = new JsonArray(artifact);
        var text = alert.ToJsonString();

        var answers = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => site.Post("/rest/container", text)));

        Assert.All(answers, answer => Assert.True(answer.Body.GetProperty("success").GetBoolean()));
        // What sends no identifier may mean two alerts: each is kept, and together they are the event that all senders are told.
        var events = answers.Select(answer => Id(answer.Body, "grouped_into", "id")).Distinct().ToList();
        var one = Assert.Single(events);
        await TriggersHandled(site);
        await site.RunEnded(one);
        Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Equal(Senders, (await site.Get($"/rest/container/{one}")).GetProperty("artifact_count").GetInt64());
    }

    [Fact]
    public async Task SameIdempotencyKey_AllSendersHearTheSameAnswer()
    {
        await using var site = await Site.Open();
        site.Client.DefaultRequestHeaders.Add("Idempotency-Key", "alert-4711");

        var answers = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => site.Post("/rest/container", """{"name":"x","label":"events"}""")));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(Assert.Single(await Rows<ContainerRow>(site)).Id, Assert.Single(answers.Select(answer => answer.Body.GetProperty("id").GetInt64()).Distinct()));
    }

    private static async Task TriggersHandled(Site site)
    {
        while (await site.Server.Store.Count<TriggerRow>(Where.Is(nameof(TriggerRow.Handled), false), TestContext.Current.CancellationToken) > 0)
        {
            await Task.Yield();
        }
    }

    private static async Task<IReadOnlyList<T>> Rows<T>(Site site)
        where T : class, IRow => await site.Server.Store.Select<T>(new Query(), TestContext.Current.CancellationToken);

    private static long Id(JsonElement body, string name, string otherwise) =>
        (body.TryGetProperty(name, out var id) ? id : body.GetProperty(otherwise)).GetInt64();
}

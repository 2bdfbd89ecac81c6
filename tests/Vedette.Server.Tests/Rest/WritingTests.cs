using System.Net;
using System.Text.Json;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Rest;

public sealed class WritingTests
{
    [Fact]
    public async Task SeveralEvents_AreDeletedAtOnce()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        long[] ids = [await site.Client.NewEvent(), await site.Client.NewEvent(), await site.Client.NewEvent()];

        Assert.Contains("does not have permission", (await site.Client.Ask("DELETE", "/rest/container", $$"""{"ids":[{{ids[0]}}]}""")).Refused(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Equal([ids[0], ids[1]], (await admin.Ask("DELETE", "/rest/container", $$"""{"ids":[{{ids[0]}},{{ids[1]}}]}""")).Good().GetProperty("ids").EnumerateArray().Select(id => id.GetInt64()));
        var rest = await admin.Ask("DELETE", $"/rest/container?ids=[{ids[1]}, {ids[2]}]");
        Assert.Contains($"{ids[1]}: container item not found", rest.Refused(HttpStatusCode.OK), StringComparison.Ordinal);
        Assert.Equal(ids[2], Assert.Single(rest.Json.GetProperty("ids").EnumerateArray()).GetInt64());
        Assert.Empty(await site.Client.Ids("/rest/container"));
        Assert.Contains("ids", (await admin.Ask("DELETE", "/rest/container")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("numbers", (await admin.Ask("DELETE", "/rest/container", """{"ids":["x"]}""")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListWithIds_ChangesThoseRecordsAndMakesTheOthers()
    {
        await using var site = await Site.Open();
        var id = await site.Client.NewEvent();
        var artifact = await site.Client.Made("/rest/artifact", $$"""{"container_id":{{id}},"name":"a","run_automation":false}""");
        var note = await site.Client.Made("/rest/note", $$"""{"container_id":{{id}},"title":"t","content":"c"}""");

        var events = await site.Client.Post("/rest/container", $$"""[{"id":{{id}},"name":"changed"},{"name":"new","label":"events"},{"id":99999,"name":"no"},"nothing"]""");
        var artifacts = await site.Client.Post("/rest/artifact", $$"""[{"id":{{artifact}},"name":"b"},{"container_id":{{id}},"name":"c","run_automation":false}]""");
        var notes = await site.Client.Post("/rest/note", $$"""[{"id":{{note}},"title":"u"}]""");

        Assert.Equal(id, events[0].GetProperty("id").GetInt64());
        Assert.Equal("changed", (await site.Client.Read($"/rest/container/{id}")).GetProperty("name").GetString());
        Assert.NotEqual(id, events[1].GetProperty("id").GetInt64());
        Assert.Equal("container item not found", events[2].GetProperty("message").GetString());
        Assert.True(events[3].GetProperty("failed").GetBoolean());
        Assert.Equal(artifact, artifacts[0].GetProperty("id").GetInt64());
        Assert.Equal(2, (await site.Client.Ids($"/rest/container/{id}/artifacts")).Length);
        Assert.Equal("b", (await site.Client.Read($"/rest/artifact/{artifact}")).GetProperty("name").GetString());
        Assert.Equal("u", (await site.Client.Read($"/rest/note/{note}")).GetProperty("title").GetString());
        Assert.Equal(note, notes[0].GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task RecordPostedBackWhole_IsANewOneOrAChangeAndNeverAnError()
    {
        await using var site = await Site.Open();
        var container = await site.SendAlert();
        await site.RunEnded(container);
        var dump = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>((await site.Client.Read($"/rest/container/{container}?pretty")).GetRawText())!;

        Assert.Equal(container, (await site.Client.Post($"/rest/container/{container}", JsonSerializer.Serialize(dump))).GetProperty("id").GetInt64());
        Assert.Equal(container, (await site.Client.Ask("POST", "/rest/container", JsonSerializer.Serialize(dump))).Json.GetProperty("existing_container_id").GetInt64());
        dump["source_data_identifier"] = JsonSerializer.SerializeToElement("another");
        Assert.NotEqual(container, await site.Client.Made("/rest/container", JsonSerializer.Serialize(dump)));
        var artifact = (await site.Client.Ids($"/rest/container/{container}/artifacts"))[0];
        await site.Client.Post($"/rest/artifact/{artifact}", (await site.Client.Read($"/rest/artifact/{artifact}")).GetRawText());
    }

    [Fact]
    public async Task SameIdempotencyKey_IsAnsweredTheSame_AlsoAfterARestart()
    {
        await using var site = await Site.Open();
        const string Body = """{"name":"once","label":"events","artifacts":[{"cef":{"a":1}}],"run_automation":false}""";
        (string, string) key = ("Idempotency-Key", "push-17");

        var first = await site.Client.Ask("POST", "/rest/container", Body, key);
        var again = await site.Client.Ask("POST", "/rest/container", Body, key);
        var other = await site.Client.Ask("POST", "/rest/container", Body.Replace("once", "twice", StringComparison.Ordinal), key);
        var elsewhere = await site.Client.Ask("POST", "/rest/artifact", Body, key);
        var list = await site.Client.Ask("POST", "/rest/container", """[{"name":"l1","label":"events"},{"name":"l2","label":"events"}]""", ("Idempotency-Key", "list"));
        var listAgain = await site.Client.Ask("POST", "/rest/container", """[{"name":"l1","label":"events"},{"name":"l2","label":"events"}]""", ("Idempotency-Key", "list"));
        site.Client.Dispose();
        await site.Server.DisposeAsync();
        await site.StartServer();
        var later = await site.Client.Ask("POST", "/rest/container", Body, key);

        first.Good();
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Text, later.Text);
        Assert.Equal(list.Text, listAgain.Text);
        Assert.Contains("Idempotency-Key", other.Refused(HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Contains("container_id", elsewhere.Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Single(await site.Client.Ids("/rest/container?_filter_name=\"once\""));
        Assert.Empty(await site.Client.Ids("/rest/container?_filter_name=\"twice\""));
        Assert.Equal(2, (await site.Client.Ids("/rest/container?_filter_name__startswith=\"l\"")).Length);
        (await site.Client.Ask("POST", "/rest/container", Body, ("Idempotency-Key", new string('k', 400)))).Refused(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task ManyAtOnceWithOneKey_AreOne()
    {
        await using var site = await Site.Open();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => site.Client.Ask("POST", "/rest/container", """{"name":"one","label":"events"}""", ("Idempotency-Key", "k"))));

        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Single(await site.Client.Ids("/rest/container?_filter_name=\"one\""));
    }

    [Fact]
    public async Task RolesAreGivenAndTaken()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var id = await admin.Made("/rest/ph_user", """{"username":"ann","password":"a-long-password-9","add_roles":["Observer"]}""");

        await admin.Post($"/rest/ph_user/{id}", """{"add_roles":["Analyst","Observer"]}""");
        Assert.Equal("""["Observer","Analyst"]""", (await admin.Read($"/rest/ph_user/{id}")).GetProperty("roles").GetRawText());
        await admin.Post($"/rest/ph_user/{id}", """{"remove_roles":"Observer","add_roles":[]}""");
        Assert.Equal("""["Analyst"]""", (await admin.Read($"/rest/ph_user/{id}")).GetProperty("roles").GetRawText());
        Assert.Equal("Analyst", Assert.Single((await admin.Read($"/rest/ph_user/{id}/roles")).GetProperty("data").EnumerateArray()).GetProperty("name").GetString());
        Assert.Contains("not a known role", (await admin.Ask("POST", $"/rest/ph_user/{id}", """{"add_roles":["King"]}""")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("last active user", (await admin.Ask("POST", "/rest/ph_user/1", """{"remove_roles":["Administrator"]}""")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        using var ann = site.Person("ann", "a-long-password-9");
        (await ann.Ask("POST", $"/rest/ph_user/{id}", """{"add_roles":["Administrator"]}""")).Refused(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task ResolvingAnEvent_StartsThePlaybooksWhoseTriggerThatIs()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        var playbook = (await site.Client.Read("/rest/playbook?_filter_active=true")).GetProperty("data")[0].GetProperty("id").GetInt64();
        Assert.Contains("artifact_created, container_resolved", (await admin.Ask("POST", $"/rest/playbook/{playbook}", """{"playbook_trigger":"moon"}""")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await admin.Post($"/rest/playbook/{playbook}", """{"playbook_trigger":"container_resolved","active":true}""");
        var container = await site.SendAlert();
        Assert.Equal("container_resolved", (await site.Client.Read($"/rest/playbook/{playbook}")).GetProperty("playbook_trigger").GetString());

        await site.Client.Post($"/rest/container/{container}", """{"status":"closed"}""");
        var run = await site.RunEnded(container);
        await site.Client.Post($"/rest/container/{container}", """{"status":"closed","name":"still closed"}""");
        await site.Until<TriggerRow>(Where.Is("ContainerId", container) & Where.Is("Kind", "container_resolved"), trigger => trigger.Handled);

        Assert.Equal(playbook, run.PlaybookId);
        Assert.Single(await site.Client.Ids($"/rest/container/{container}/playbook_runs"));
        await site.Client.Post($"/rest/container/{container}", """{"status":"open"}""");
        await site.Client.Post($"/rest/container/{container}", """{"status":"closed"}""");
        await site.RunEnded(container, 2);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Rest;

/// <summary>Clients that exist, by the requests they make, one after the other.</summary>
public sealed class ClientSequenceTests
{
    /// <summary>The ingest script of a public collection (joelwking/Phantom-Cyber): JSON as text without a type of content, and only 200 will do.</summary>
    [Fact]
    public async Task IngestScript_SendsAnEventAndItsArtifacts()
    {
        await using var site = await Site.Open();

        var container = await site.Client.Made("/rest/container", """{"description":"Made by a script","name":"Atomic counters","label":"events","sensitivity":"red","severity":"high","tags":["atomic_counters"]}""");
        var first = await site.Client.Made("/rest/artifact", $$$"""{"name":"Flow","description":"d","tags":["atomic_counters"],"type":"network","source_data_identifier":"APIC_atomic_counters","label":"event","cef":{"sourceAddress":"10.1.1.1"},"data":{"raw":{"a":[1,2]}},"container_id":{{{container}}}}""");
        var second = await site.Client.Made("/rest/artifact", $$$"""{"name":"Flow","description":"d","tags":["atomic_counters"],"type":"network","source_data_identifier":"APIC_atomic_counters","label":"event","cef":{"sourceAddress":"10.1.1.2"},"data":{"raw":{"a":[1,2]}},"container_id":{{{container}}}}""");

        Assert.NotEqual(first, second);
        Assert.Equal(2, (await site.Client.Read($"/rest/container/{container}")).GetProperty("artifact_count").GetInt64());
    }

    /// <summary>The connector that calls this very API (splunk-soar-connectors/phantom): token and Basic at once, JSON bodies on GET, whole records posted back.</summary>
    [Fact]
    public async Task ConnectorOfTheApiItself_FindsTagsNotesListsAndCopies()
    {
        await using var site = await Site.Open();
        using var client = site.WithToken(site.Token);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(":")));
        var source = await client.NewEvent(""","artifacts":[{"name":"a","cef":{"destinationAddress":"198.51.100.77","n":1},"tags":["x"]},{"name":"b","cef":{"sourceAddress":"10.1.1.1"}}],"run_automation":false""");

        Assert.True(Version.Parse((await client.Ask("GET", "/rest/version", "null")).Good().GetProperty("version").GetString()!) >= new Version(6, 1, 0));

        // update artifact: read, change the fields, post the record.
        var id = (await client.Ids("/rest/artifact?_filter_cef__icontains='198.51.100.77'&page_size=0&pretty")).Single();
        Assert.Equal([id], await client.Ids("/rest/artifact?_filter_cef__icontains=" + Uri.EscapeDataString("'\"198.51.100.77\"'") + "&page_size=0&pretty"));
        var record = JsonNode.Parse((await client.Read($"/rest/artifact/{id}")).GetRawText())!.AsObject();
        record["cef"]!["fileName"] = "x.exe";
        await client.Post($"/rest/artifact/{id}", record.ToJsonString());
        Assert.Equal("198.51.100.77", (await client.Read($"/rest/artifact/{id}")).GetProperty("cef").GetProperty("destinationAddress").GetString());

        // tag artifact: tags and label only.
        await client.Post($"/rest/artifact/{id}", """{"tags":["x","y"],"label":"event"}""");
        Assert.Equal("""["x","y"]""", (await client.Read($"/rest/artifact/{id}")).GetProperty("tags").GetRawText());
        await client.Made("/rest/container_note", $$"""{"container_id":{{source}},"title":"t","content":"c","phase_id":null}""");

        // add listitem: a list that is missing is made.
        Assert.Equal(HttpStatusCode.NotFound, (await client.Ask("GET", "/rest/decided_list/seen")).Status);
        await client.Made("/rest/decided_list", """{"content":[["198.51.100.77"]],"name":"seen"}""");
        await client.Post("/rest/decided_list/seen", """{"append_rows":[["10.1.1.1","c2"],"one"]}""");
        Assert.Equal("""[["198.51.100.77"],["10.1.1.1","c2"],["one"]]""", (await client.Read("/rest/decided_list/seen")).GetProperty("content").GetRawText());

        // copy container: the artifacts as one list, the last of which starts automation.
        var dump = JsonNode.Parse((await client.Read($"/rest/container/{source}")).GetRawText())!.AsObject();
        foreach (var key in new[] { "id", "start_time", "source_data_identifier", "asset", "ingest_app", "artifact_count", "create_time", "close_time" })
        {
            dump.Remove(key);
        }

        dump["owner_id"] = dump["owner"]?.DeepClone();
        var copy = await client.Made("/rest/container", dump.ToJsonString());
        var artifacts = JsonNode.Parse((await client.Read($"/rest/container/{source}/artifacts?sort=id&order=asc&page_size=0")).GetRawText())!["data"]!.AsArray();
        var posts = new JsonArray();
        foreach (var artifact in artifacts)
        {
            var post = artifact!.DeepClone().AsObject();
            post.Remove("id");
            post["container_id"] = copy;
            post["run_automation"] = artifact == artifacts[^1];
            posts.Add(post);
        }

        var answers = await client.Post("/rest/artifact", posts.ToJsonString());
        Assert.All(answers.EnumerateArray(), answer => Assert.False(answer.TryGetProperty("failed", out _), answer.GetRawText()));
        Assert.Equal(2, (await client.Read($"/rest/container/{copy}/artifacts?page_size=0")).GetProperty("count").GetInt64());
    }

    /// <summary>A range that is set up by scripts (splunk/attack_range): password user reads the automation user's token and opens its addresses.</summary>
    [Fact]
    public async Task ProvisioningScript_GetsItsToken()
    {
        await using var site = await Site.Open();
        using var admin = site.Person();
        await admin.Post("/rest/system_settings/auth_settings", """{"token_readable_by_admin":true}""");
        await admin.Post("/rest/ph_user/2/token", "");

        var key = (await admin.Read("/rest/ph_user/2/token")).GetProperty("key").GetString()!;
        await admin.Post("/rest/ph_user/2", """{"allowed_ips":["any"]}""");

        using var client = site.WithToken(key);
        Assert.Equal(0, (await client.Read("/rest/container")).GetProperty("count").GetInt64());
    }

    /// <summary>An alert sender (airbnb/streamalert): looks for its event by name, makes it without a label, adds artifacts.</summary>
    [Fact]
    public async Task AlertSender_ReusesItsEventByName()
    {
        await using var site = await Site.Open();
        for (var i = 0; i < 2; i++)
        {
            var found = await site.Client.Ids("/rest/container?_filter_name=\"Rule one\"&page_size=1");
            var container = found.Length > 0 ? found[0] : await site.Client.Made("/rest/container", """{"name":"Rule one","description":"d"}""");
            await site.Client.Made("/rest/artifact", $$$"""{"cef":{"n":{{{i}}}},"container_id":{{{container}}},"data":{},"name":"Phantom Artifact","label":"Alert"}""");
        }

        var only = Assert.Single(await site.Client.Ids("/rest/container?_filter_name=\"Rule one\""));
        Assert.Equal(2, (await site.Client.Read($"/rest/container/{only}")).GetProperty("artifact_count").GetInt64());
    }

    /// <summary>Splunk's export: pick lists, event, artifacts with automation on the last; then a repeat of the same.</summary>
    [Fact]
    public async Task Export_SendsABatchAndEachPlaybookRunsOnce()
    {
        await using var site = await Site.Open();
        await site.Client.Read("/rest/version");
        await site.Client.Read("/rest/container_options");
        await site.Client.Read("/rest/severity");
        await site.Client.Read("/rest/playbook?page_size=0&_filter_active=True");
        const string Event = """{"name":"Notable","label":"events","severity":"high","sensitivity":"amber","source_data_identifier":"7f3a@@notable@@92","start_time":"2025-03-04T09:15:22.000000Z","tags":["splunk"],"data":{"sid":"x"}}""";
        var container = await site.Client.Made("/rest/container", Event);
        for (var row = 0; row < 3; row++)
        {
            await site.Client.Made("/rest/artifact", $$$"""{"container_id":{{{container}}},"name":"Row {{{row}}}","label":"event","cef":{"destinationDnsDomain":"cdn-telemetry.example.net","row":"{{{row}}}"},"source_data_identifier":"r{{{row}}}","run_automation":{{{(row == 2 ? "true" : "false")}}}}""");
        }

        var run = await site.RunEnded(container);
        var again = await site.Client.Ask("POST", "/rest/container", Event);

        Assert.Equal(container, again.Json.GetProperty("existing_container_id").GetInt64());
        Assert.StartsWith("duplicate", again.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        var active = (await site.Client.Read("/rest/playbook?_filter_active=true")).GetProperty("count").GetInt64();
        Assert.Equal(active, (await site.Client.Read($"/rest/playbook_run?_filter_container={container}")).GetProperty("count").GetInt64());
        Assert.Equal(3, (await site.Client.Read($"/rest/playbook_run/{run.Id}")).GetProperty("misc").GetProperty("scope_artifact_ids").GetArrayLength());
    }
}

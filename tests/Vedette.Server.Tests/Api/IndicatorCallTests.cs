using Vedette.Engine.Storage;
using Vedette.Server.Tests.Rest;

namespace Vedette.Server.Tests.Api;

/// <summary>Values seen across artifacts, and what counts as evidence.</summary>
public sealed class IndicatorCallTests
{
    [Fact]
    public async Task PlaybookReadsItsOwnIndicators_MissesNone()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            phantom.add_artifact(container=container, cef_data={"sourceAddress": "198.51.100.7", "message": "not one", "odd": ["00ff", "00fe"]}, field_mapping={"odd": ["hash"]}, name="a")
            def get(query):
                return phantom.requests.get(phantom.build_phantom_rest_url("indicator") + "?" + query, verify=False).json()
            found = get("page_size=0&sort=value&order=asc&_special_contains=true&_special_fields=true&_special_labels=true")
            assert [i["value"] for i in found["data"]] == ["00fe", "00ff", "198.51.100.7"], found
            assert found["data"][2]["_special_contains"] == ["ip"] and found["data"][2]["_special_fields"] == ["sourceAddress"] and found["data"][2]["_special_labels"] == ["events"]
            one = phantom.requests.get(phantom.build_phantom_rest_url("indicator_by_value") + "?indicator_value=198.51.100.7&timerange=all", verify=False).json()
            assert one["id"] == found["data"][2]["id"]
            url = phantom.build_phantom_rest_url("indicator", one["id"])
            assert phantom.requests.post(url, json={"tags": ["bad"]}, verify=False).json()["success"]
            assert get("_filter_tags__contains=\"bad\"")["count"] == 1
            common = phantom.requests.get(phantom.build_phantom_rest_url("indicator_common_container") + "?indicator_ids=%d" % one["id"], verify=False).json()
            assert common == [{"container_id": container["id"]}]
            """);
    }

    [Fact]
    public async Task SameValueInTwoEvents_IsOneIndicatorWithBoth()
    {
        await using var site = await Site.Open();
        var (first, second) = (await site.Client.NewEvent(), await site.Client.NewEvent());
        var artifact = await Artifact(site, first);
        await Artifact(site, second);

        var indicator = await site.Until<IndicatorRow>(Where.Is(nameof(IndicatorRow.Value), "203.0.113.9"), row => row.Contains.Contains("ip", StringComparison.Ordinal));
        await site.Until<IndicatorArtifactRow>(Where.Is(nameof(IndicatorArtifactRow.ContainerId), second), _ => true);

        var common = await site.Client.Read($"/rest/indicator_common_container?indicator_ids={indicator.Id}");
        Assert.Equal([first, second], common.EnumerateArray().Select(one => one.GetProperty("container_id").GetInt64()));
        Assert.Equal(2, (await site.Client.Read("/rest/indicator_stats_indicator_count")).GetProperty("indicator_instance_count").GetInt64());
        Assert.Equal("""{"topLabels":[{"label":"events","count":2}]}""", (await site.Client.Read("/rest/indicator_stats_top_labels")).GetRawText());
        using var admin = site.Person();
        (await admin.Ask("DELETE", $"/rest/artifact/{artifact}")).Good();
        Assert.Equal(second, Assert.Single((await site.Client.Read($"/rest/indicator_artifact?indicator_id={indicator.Id}")).EnumerateArray()).GetProperty("container_id").GetInt64());
    }

    [Fact]
    public async Task ArtifactThatIsChanged_IsLookedAtAgain()
    {
        await using var site = await Site.Open();
        var artifact = await Artifact(site, await site.Client.NewEvent());

        await site.Client.Post($"/rest/artifact/{artifact}", """{"cef":{"destinationDnsDomain":"changed.example"}}""");

        await site.Until<IndicatorRow>(Where.Is(nameof(IndicatorRow.Value), "changed.example"), _ => true);
    }

    [Fact]
    public async Task OutboxOfAnEarlierProcess_IsTakenUp()
    {
        await using var site = await Site.Open();
        await Artifact(site, await site.Client.NewEvent());
        await site.Server.DisposeAsync();

        await site.StartServer();

        await site.Until<IndicatorRow>(Where.Is(nameof(IndicatorRow.Value), "203.0.113.9"), _ => true);
    }

    [Fact]
    public async Task Evidence_IsMarkedOnce()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            ok, message, artifact = phantom.add_artifact(container=container, cef_data={"fileHash": "00"}, name="own")
            url = phantom.build_phantom_rest_url("evidence")
            body = {"container_id": container["id"], "object_id": artifact, "content_type": "artifact"}
            first = phantom.requests.post(url, json=body, verify=False).json()
            assert first["success"] and first["id"]
            again = phantom.requests.post(url, json=body, verify=False)
            assert again.status_code == 400 and again.json()["message"] == "Already added to Evidence."
            assert "not found" in phantom.requests.post(url, json=dict(body, object_id=4711), verify=False).json()["message"]
            """);

        var marked = Assert.Single((await site.Get($"/rest/evidence?_filter_container={run.GetProperty("container")}")).GetProperty("data").EnumerateArray());
        Assert.Equal("artifact", marked.GetProperty("_special_content_type").GetString());
        using var admin = site.Person();
        (await admin.Ask("DELETE", $"/rest/evidence/{marked.GetProperty("id")}")).Good();
        Assert.Equal(0, (await site.Get("/rest/evidence")).GetProperty("count").GetInt64());
    }

    private static Task<long> Artifact(Site site, long container) => site.Client.Made("/rest/artifact", $$"""{"container_id":{{container}},"name":"a","cef":{"sourceAddress":"203.0.113.9" } }""");
}

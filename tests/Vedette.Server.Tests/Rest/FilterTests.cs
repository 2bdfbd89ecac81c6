using System.Globalization;
using System.Net;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Rest;

public sealed class FilterTests
{
    [Fact]
    public async Task StatusAndSeverity_AreFoundByNumberAsWellAsByName()
    {
        await using var site = await Site.Open();
        var high = await site.Client.NewEvent(""","severity":"high" """);
        var open = await site.Client.NewEvent(""","status":"open","severity":"low" """);
        var artifact = await site.Client.Made("/rest/artifact", $$"""{"container_id":{{open}},"severity":"high","run_automation":false}""");

        Assert.Equal([open], await site.Client.Ids("/rest/container?_filter_status__in=[2, 3]"));
        Assert.Equal([open], await site.Client.Ids("/rest/container?_filter_status=2"));
        Assert.Equal([open], await site.Client.Ids("/rest/container?_filter_status=\"open\""));
        Assert.Equal([high], await site.Client.Ids("/rest/container?_filter_status__in=['1']"));
        Assert.Equal([high], await site.Client.Ids("/rest/container?_filter_severity=1"));
        Assert.Equal([high], await site.Client.Ids("/rest/container?_exclude_severity__in=[3]"));
        Assert.Equal([artifact], await site.Client.Ids("/rest/artifact?_filter_severity__in=[1]&_filter_container__status=2"));
        Assert.Empty(await site.Client.Ids("/rest/container?_filter_status=77"));
    }

    [Fact]
    public async Task PartsOfTimes_AreAskedAbout()
    {
        await using var site = await Site.Open();
        var sunday = await site.Client.NewEvent(""","start_time":"2025-03-02T09:15:59.999999Z" """);
        var past = await site.Client.NewEvent(""","start_time":"1969-12-31T23:59:58.500000Z" """);
        foreach (var (filter, ids) in new (string, long[])[]
        {
            ("year=2025", [sunday]), ("month=3", [sunday]), ("day=2", [sunday]), ("week_day=1", [sunday]), ("hour=9", [sunday]), ("minute=15", [sunday]), ("second=59", [sunday]),
            ("year=1969", [past]), ("month__in=[11, 12]", [past]), ("second=58", [past]), ("hour__gte=10", [past]), ("year__lt=\"2000\"", [past]), ("year__gt=1900", [past, sunday]), ("day=3", []),
        })
        {
            Assert.Equal(ids, (await site.Client.Ids($"/rest/container?_filter_start_time__{filter}")).Where(id => id == sunday || id == past).OrderDescending());
        }

        Assert.Equal([past], await site.Client.Ids("/rest/container?_exclude_start_time__year=2025&_filter_start_time__isnull=false&_filter_start_time__year__lt=1970"));
        Assert.Equal([sunday], await site.Client.Ids("/rest/container?_filter_start_time__range=[\"2025-3-2 00:00\", \"2025-03-03\"]"));
        Assert.Contains("is no time", (await site.Client.Ask("GET", "/rest/container?_filter_name__month=3")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("whole number", (await site.Client.Ask("GET", "/rest/container?_filter_start_time__month=\"March\"")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResultsOfActions_AreSearchedAsText()
    {
        await using var site = await Site.Open();
        var container = await site.SendAlert();
        await site.RunEnded(container);
        var runs = (await site.Client.Read("/rest/app_run?page_size=0&include_expensive=")).GetProperty("data").EnumerateArray().ToList();
        var one = runs.First(run => run.GetProperty("result_data").GetArrayLength() > 0 && run.GetProperty("action").GetString() == "create ticket");
        var id = one.GetProperty("id").GetInt64();

        Assert.Equal([id], await site.Client.Ids("/rest/app_run?_filter_action=\"create ticket\"&_filter_result_data__regex=" + Uri.EscapeDataString("'^.{3}status\\\": \\\"success\\\", \\\"message\\\": '")));
        Assert.Equal([id], await site.Client.Ids($"/rest/app_run?_filter_id={id}&_filter_result_data__icontains=\"SUCCESS\""));
        Assert.Empty(await site.Client.Ids("/rest/app_run?_filter_result_data__contains=\"nothing says this\""));
        Assert.Equal(runs.Count, (await site.Client.Ids("/rest/app_run?page_size=0&_exclude_result_data__contains=\"nothing says this\"")).Length);
        Assert.Contains("__regex", (await site.Client.Ask("GET", "/rest/app_run?_filter_result_data__gt=1")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllCefTypes_AreFilledInWhenAskedFor()
    {
        await using var site = await Site.Open();
        var container = await site.Client.NewEvent();
        var id = await site.Client.Made("/rest/artifact", $$"""{"container_id":{{container}},"cef":{"sourceAddress":"10.0.0.1","requestURL":"http://x/","own":"y"},"cef_types":{"requestURL":["domain"],"own":["hash"]},"run_automation":false}""");

        Assert.Equal("""{"requestURL":["domain"],"own":["hash"]}""", (await site.Client.Read($"/rest/artifact/{id}")).GetProperty("cef_types").GetRawText());
        Assert.Equal("""{"requestURL":["domain"],"own":["hash"],"sourceAddress":["ip"]}""", (await site.Client.Read($"/rest/artifact?_filter_id={id}&include_all_cef_types")).GetProperty("data")[0].GetProperty("cef_types").GetRawText());
    }

    [Theory]
    [InlineData("container?_filter_in_case=[1]")]
    [InlineData("container?_filter_id=\"x\"")]
    [InlineData("container?_filter_start_time__gt=\"yesterday\"")]
    [InlineData("container?_filter_name__contains=[1, 2]")]
    [InlineData("artifact?_filter_cef__a=[\"x\"]")]
    [InlineData("artifact?_filter_cef__a__gt=[1]")]
    [InlineData("artifact?_filter_tags__contains=[[1]]")]
    [InlineData("container?_filter_start_time__range=[1]")]
    [InlineData("container?_filter_nonsense=1")]
    [InlineData("container?sort=nonsense")]
    [InlineData("container?page_size=-1")]
    [InlineData("container?page=x")]
    [InlineData("playbook?_filter_scm=\"local\"")]
    [InlineData("audit?start=yesterday")]
    [InlineData("audit?format=xml")]
    [InlineData("audit?container=x")]
    public async Task QueryThatCannotBeMeant_IsRefusedWithASentence(string query)
    {
        await using var site = await Site.Open();
        using var admin = site.Person();

        var message = (await admin.Ask("GET", "/rest/" + query)).Refused(HttpStatusCode.BadRequest);

        Assert.True(message.Length > 15, message);
    }

    [Fact]
    public async Task Pages_CountAndOrderAreRight()
    {
        await using var site = await Site.Open();
        Assert.Equal("""{"count":0,"num_pages":0,"data":[]}""", (await site.Client.Read("/rest/container")).GetRawText());
        var made = new List<long>();
        for (var i = 0; i < 11; i++)
        {
            made.Add(await site.Client.NewEvent(string.Create(CultureInfo.InvariantCulture, $$""","custom_fields":{"k":{{20 - i}}}""")));
        }

        var first = await site.Client.Read("/rest/container");
        Assert.Equal((11L, 2L, 10), (first.GetProperty("count").GetInt64(), first.GetProperty("num_pages").GetInt64(), first.GetProperty("data").GetArrayLength()));
        Assert.Equal(Enumerable.Reverse(made).Take(10), await site.Client.Ids("/rest/container"));
        Assert.Equal([made[0]], await site.Client.Ids("/rest/container/?page=1"));
        Assert.Empty(await site.Client.Ids("/rest/container?page=2"));
        Assert.Equal(made, await site.Client.Ids("/rest/container?page_size=0&sort=id"));
        Assert.Equal(1, (await site.Client.Read("/rest/container?page_size=0")).GetProperty("num_pages").GetInt64());
        Assert.Equal(Enumerable.Reverse(made), await site.Client.Ids("/rest/container?page_size=0&sort=custom_fields.k&order=asc"));
        Assert.False((await site.Client.Read("/rest/container?_exclude_fields=data,owner_name")).GetProperty("data")[0].TryGetProperty("owner_name", out _));
        Assert.Contains("\n", (await site.Client.Ask("GET", "/rest/container?_filter_id=1&pretty&page=0")).Text, StringComparison.Ordinal);
    }
}

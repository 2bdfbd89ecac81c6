namespace Vedette.Server.Tests.Api;

/// <summary>The forms a playbook may have: what may be left out, and what Python 2 had.</summary>
public sealed class RunFormTests
{
    [Fact]
    public async Task PlaybookWithoutOnFinish_EndsWell()
    {
        await using var site = await Site.Open();

        var run = await site.PassesAs("no_finish", """
            import phantom.rules as phantom

            def on_start(container):
                phantom.comment(container=container, comment="started")
            """);

        Assert.Equal(["started"], await site.CommentsOn(run));
    }

    [Fact]
    public async Task OnFinishThatIsMadeAtTheEndOfTheModule_IsCalled()
    {
        await using var site = await Site.Open();

        var run = await site.PassesAs("late_finish", """
            import phantom.rules as phantom

            def on_start(container):
                pass

            def the_end(container, summary):
                phantom.comment(container=container, comment="finished")

            on_finish = the_end
            """);

        Assert.Equal(["finished"], await site.CommentsOn(run));
    }

    [Fact]
    public async Task NamesOfPython2_AreThereForAPlaybookOfItsTime()
    {
        await using var site = await Site.Open();
        await site.Import("older", """
            import phantom.rules as phantom
            import random
            import urlparse

            def on_start(incident):
                assert unicode(5) == "5" and isinstance("x", basestring) and list(xrange(2)) == [0, 1] and long("7") == 7
                assert len(filter(None, [0, 1, 2])) == 2 and filter(None, [0, 1])[0] == 1
                assert map(str, [1, 2]) == ["1", "2"] and zip([1], [2]) == [(1, 2)]
                assert sorted({"a": 1}.iteritems()) == [("a", 1)] and {"a": 1}.has_key("a")
                assert urlparse.urlparse("https://example.net/x").netloc == "example.net"
                assert random.sample({"only"}, 1) == ["only"]
                phantom.comment(incident, "older one ran")

            def on_finish(incident, summary):
                phantom.debug("Summary: " + summary)
            """, """{"labels":["events"],"coa":{"schema":2,"data":{}}}""");
        var container = await site.QuietEvent();

        await site.PostAsAdmin("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/older"}""");

        var run = await site.RunEnded(container);
        Assert.True(run.Status == "success", run.Message);
    }
}

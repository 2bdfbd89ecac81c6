using System.Text.Json;

namespace Vedette.Server.Tests.Repositories;

/// <summary>What a pull brings, and that what is live moves only when somebody, or the rule of the repository, says so.</summary>
public sealed class PullTests
{
    [Fact]
    public async Task FirstStart_BothRepositoriesAreThere_AndEveryPlaybookHasItsCommit()
    {
        await using var site = await Site.Open();

        var repositories = (await site.AsAdmin("/rest/scm?sort=id&order=asc")).GetProperty("data");

        Assert.Equal(["local", "community"], repositories.EnumerateArray().Select(one => one.Text("name")));
        Assert.Equal([false, true], repositories.EnumerateArray().Select(one => one.GetProperty("read_only").GetBoolean()));
        var playbooks = (await site.AsAdmin("/rest/playbook?page_size=0")).GetProperty("data");
        Assert.NotEqual(0, playbooks.GetArrayLength());
        Assert.All(playbooks.EnumerateArray(), playbook => Assert.Equal(repositories[1].Text("head"), playbook.Text("commit")));
    }

    [Fact]
    public async Task PlaybooksAndFunctionsOfAnyName_AreListedWithMetadataPathAndCommit()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Put("über die Grenze 2", OtherSide.Harmless);
        side.Put("count_words", "def count_words(text=None, **kwargs):\n    return len(text.split())\n", """{"custom_function_id":"1","python_version":"3"}""", "custom_functions");
        File.WriteAllText(side.InWork("README.md"), "Nothing to run.");
        var commit = side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");

        var pulled = await site.Pull(shared);

        Assert.Equal(["count_words", "triage", "über die Grenze 2"], pulled.Words("taken").Order(StringComparer.Ordinal));
        var triage = await site.Playbook("triage");
        Assert.Equal(("triage.py", commit, "Trial", "Looks"), (triage.Text("path"), triage.Text("commit"), triage.Text("category"), triage.Text("description")));
        Assert.Equal(shared, triage.GetProperty("scm").GetInt64());
        Assert.True(triage.GetProperty("passed_validation").GetBoolean(), triage.ToString());
        Assert.Equal(("custom_function", "custom_functions/count_words.py"), ((await site.Playbook("count_words")).Text("playbook_type"), (await site.Playbook("count_words")).Text("path")));
        Assert.Equal(3, (await site.AsAdmin($"/rest/playbook?_filter_scm={shared}")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task LivePlaybook_StaysAsItIs_UntilSomebodyElseTakesWhatCame()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Put("other", OtherSide.Harmless);
        var first = side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        await site.Activate("triage");
        side.Put("triage", OtherSide.Harmless.Replace("looks", "looks twice", StringComparison.Ordinal));
        side.Put("other", OtherSide.Harmless.Replace("looks", "looks twice", StringComparison.Ordinal));
        var second = side.Commit();

        var pulled = await site.Pull(shared);

        Assert.Equal(["other"], pulled.Words("taken"));
        Assert.Equal(["triage"], pulled.Words("waiting"));
        var live = await site.Playbook("triage");
        Assert.Equal((first, second, true), (live.Text("commit"), live.Text("candidate"), live.GetProperty("active").GetBoolean()));
        Assert.DoesNotContain("twice", await site.Source("triage"), StringComparison.Ordinal);

        Assert.Equal(["triage"], (await site.Done($"/rest/scm/{shared}/take")).Words("taken"));

        live = await site.Playbook("triage");
        Assert.Equal((second, "", true), (live.Text("commit"), live.Text("candidate"), live.GetProperty("active").GetBoolean()));
        Assert.Contains("twice", await site.Source("triage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activated_PinsTheVersionsOfTheAppsItAsksFor()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless.Replace("phantom.debug('looks')", "phantom.act('create ticket', parameters=[{'short_description': 'x'}], assets=['servicenow'])", StringComparison.Ordinal));
        side.Commit();
        await using var site = await Asking.Open(side);
        await site.Pull(await site.AddRepository($"file://{side.Bare}"));

        await site.Activate("triage");

        var app = Assert.Single((await site.AsAdmin("/rest/app?_filter_name=\"ServiceNow\"")).GetProperty("data").EnumerateArray());
        Assert.Equal(app.Text("app_version"), (await site.Playbook("triage")).GetProperty("app_versions").Text("ServiceNow"));
    }

    [Fact]
    public async Task WhatALivePlaybookCalls_IsLiveToo()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless.Replace("phantom.debug('first')", "phantom.custom_function(custom_function='shared/count_words', parameters=[{}], name='counted')", StringComparison.Ordinal));
        side.Put("count_words", "def count_words(**kwargs):\n    return 1\n", """{"custom_function_id":"1"}""", "custom_functions");
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        await site.Activate("triage");
        side.Put("count_words", "def count_words(**kwargs):\n    return 2\n", """{"custom_function_id":"1"}""", "custom_functions");
        side.Commit();

        Assert.Equal(["count_words"], (await site.Pull(shared)).Words("waiting"));
    }

    [Fact]
    public async Task WhoWroteAChangeOfALivePlaybook_CannotTakeIt()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        await site.Activate("triage");
        side.Put("triage", OtherSide.Harmless.Replace("looks", "mine", StringComparison.Ordinal));
        side.Commit("Mine", "admin <admin@example.org>");
        await site.Pull(shared);

        var (status, body) = await site.PostAsAdmin($"/rest/scm/{shared}/take", "{}");

        Assert.Equal((403, "own_change"), (status, body.Text("code")));
        Assert.DoesNotContain("mine", await site.Source("triage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RepositoryThatFollows_TakesWhatReachesNoFurther_AndLeavesTheRestToAPerson()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}", more: ",\"follow\":true");
        await site.Pull(shared);
        await site.Activate("triage");
        side.Put("triage", OtherSide.Harmless.Replace("looks", "looks twice", StringComparison.Ordinal));
        side.Commit();

        Assert.Equal(["triage"], (await site.Pull(shared)).Words("taken"));

        side.Put("triage", OtherSide.Harmless.Replace("phantom.debug('looks')", "phantom.act('create ticket', parameters=[{'short_description': 'x'}], assets=['servicenow'], callback=on_end)\n\n\ndef on_end(success=None, **kwargs):\n    phantom.debug(success)", StringComparison.Ordinal));
        side.Commit();
        var pulled = await site.Pull(shared);

        Assert.Equal(["triage"], pulled.Words("waiting"));
        Assert.Contains("create ticket", pulled.GetProperty("waiting")[0].Text("reason"), StringComparison.Ordinal);
        Assert.Contains("twice", await site.Source("triage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RolledBack_TheVersionBeforeCounts_WithoutAskingTheOtherSide()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        var first = side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        await site.Activate("triage");
        side.Put("triage", OtherSide.Harmless.Replace("looks", "worse", StringComparison.Ordinal));
        side.Commit();
        await site.Pull(shared);
        await site.Done($"/rest/scm/{shared}/take");
        Directory.Delete(side.Bare, recursive: true);

        var back = await site.Done($"/rest/scm/{shared}/rollback", """{"playbook":"triage"}""");

        Assert.Equal(first, back.Text("commit"));
        var live = await site.Playbook("triage");
        Assert.Equal((first, true), (live.Text("commit"), live.GetProperty("active").GetBoolean()));
        Assert.DoesNotContain("worse", await site.Source("triage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HistoryRewrittenThere_IsSaid_AndWhatIsLiveStays()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit("Base");
        side.Put("triage", OtherSide.Harmless.Replace("looks", "before", StringComparison.Ordinal));
        var overwritten = side.Commit("Before");
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        await site.Activate("triage");
        side.Put("triage", OtherSide.Harmless.Replace("looks", "after", StringComparison.Ordinal));
        var now = side.Commit("Rewritten", rewrite: true);

        var pulled = await site.Pull(shared);

        Assert.Contains("rewritten", pulled.Text("message"), StringComparison.Ordinal);
        Assert.Equal((now, overwritten), (pulled.Text("commit"), (await site.Playbook("triage")).Text("commit")));
        Assert.Contains("before", await site.Source("triage"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlaybookGoneThere_GoesHere_UnlessItIsLive()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Put("other", OtherSide.Harmless);
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);
        await site.Activate("triage");
        side.Remove("triage");
        side.Remove("other");
        File.WriteAllText(side.InWork("README.md"), "Empty now.");
        side.Commit();

        var pulled = await site.Pull(shared);

        Assert.Equal(["other", "triage"], pulled.Words("gone").Order(StringComparer.Ordinal));
        Assert.True((await site.Playbook("other")).GetProperty("disabled").GetBoolean());
        Assert.False((await site.Playbook("triage")).GetProperty("disabled").GetBoolean());
    }

    [Fact]
    public async Task Diff_NamesBlocks_AndWhatIsNewlyAskedForWithItsReach()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        var first = side.Commit();
        side.Put("triage", OtherSide.Harmless.Replace("phantom.debug('looks')", "phantom.act('create ticket', parameters=[{'short_description': 'x'}], assets=['servicenow'], callback=on_end)", StringComparison.Ordinal) + "\n\ndef on_end(container=None, success=None, **kwargs):\n    phantom.debug(success)\n");
        var second = side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);

        var diff = Assert.Single((await site.AsAdmin($"/rest/scm/{shared}/diff?from={first}&to={second}")).GetProperty("data").EnumerateArray());

        Assert.Equal(["on_end came", "look changed"], diff.GetProperty("blocks").EnumerateArray().Select(block => $"{block.Text("block")} {block.Text("status")}"));
        var asked = Assert.Single(diff.GetProperty("asks").EnumerateArray());
        Assert.Equal(("create ticket", "look", "records"), (asked.Text("what"), asked.Text("block"), asked.Text("reach")));
        Assert.Equal(("records", "reads"), (diff.Text("reach"), diff.Text("reach_before")));
        Assert.Contains("+    phantom.act('create ticket'", diff.Text("text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RepositoryLimitedToReading_PlaybookThatChanges_CannotRunAndSaysWhy()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless.Replace("phantom.debug('looks')", "phantom.act('create ticket', parameters=[{'short_description': 'x'}], assets=['servicenow'])", StringComparison.Ordinal));
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}", more: ",\"most_reach\":\"reads\"");

        await site.Pull(shared);

        var triage = await site.Playbook("triage");
        Assert.False(triage.GetProperty("passed_validation").GetBoolean());
        Assert.Contains("\"create ticket\", which records; repository \"shared\" may go as far as: reads", triage.Text("validation_message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T08_RepositoryLimitedToReading_ActionThatOnlyTheRunNames_IsRefusedInTheRun()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless.Replace("phantom.debug('looks')", "word = 'ticket'\n    phantom.act('create ' + word, parameters=[{'short_description': 'x'}], assets=['servicenow'], name='asked', callback=on_end)\n\n\ndef on_end(container=None, success=None, **kwargs):\n    phantom.debug(success)", StringComparison.Ordinal));
        side.Commit();
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}", more: ",\"most_reach\":\"reads\"");
        await site.Pull(shared);
        var container = await site.QuietEvent();

        await site.Done("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"shared/triage","scope":"all","run":true}""");
        await site.RunEnded(container);

        var action = Assert.Single((await site.Get($"/rest/action_run?_filter_container={container}")).GetProperty("data").EnumerateArray());
        Assert.Equal("failed", action.Text("status"));
        Assert.Contains("playbooks of the repository \"shared\" may go as far as: reads", action.Text("message"), StringComparison.Ordinal);
        Assert.Equal(0, await site.WritesSentTo("servicenow"));
    }

    [Fact]
    public async Task Log_SaysWhoDidWhat()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit("Look at it", "Ana <ana@example.org>");
        File.WriteAllText(side.InWork("README.md"), "Words.");
        side.Commit("Say so");
        await using var site = await Asking.Open(side);
        var shared = await site.AddRepository($"file://{side.Bare}");
        await site.Pull(shared);

        Assert.Equal(["Say so", "Look at it"], (await site.AsAdmin($"/rest/scm/{shared}/log")).GetProperty("data").EnumerateArray().Select(one => one.Text("subject")));
        var own = Assert.Single((await site.AsAdmin($"/rest/scm/{shared}/log?playbook=triage")).GetProperty("data").EnumerateArray());
        Assert.Equal(("Ana", "Look at it"), (own.Text("author"), own.Text("subject")));
    }
}

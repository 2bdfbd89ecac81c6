namespace Vedette.Server.Tests;

/// <summary>Playbooks that do what they must not: their run ends with a sentence, and the next alert's run is a run like any other.</summary>
public sealed class HostilePlaybookTests
{
    [Theory]
    [InlineData("endless", "while True: pass", "The turn took longer than 1 s and was ended. (endless.py, in on_start) Let this function do less at once, or raise the turn deadline of the server.")]
    [InlineData("hoarder", "x = []\n    while True: x.append(bytearray(1 << 24))", "The turn needed more than 512 MB of memory and was ended. (hoarder.py, in on_start)")]
    [InlineData("leaver", "import os; os._exit(3)", "The Python process ended in the middle of the turn. (leaver.py, in on_start) That happened 3 times in a row")]
    [InlineData("T05_shadow", "open('/etc/shadow').read()", "PermissionError: [Errno 13] Permission denied: '/etc/shadow' (T05_shadow.py, line 3, in on_start).")]
    [InlineData("T05_store", "open('FOLDER/vedette.db', 'rb').read()", "PermissionError: [Errno 13] Permission denied: 'FOLDER/vedette.db' (T05_store.py, line 3, in on_start).")]
    [InlineData("T05_key", "open('FOLDER/secrets.key', 'rb').read()", "PermissionError: [Errno 13] Permission denied: 'FOLDER/secrets.key'")]
    [InlineData("T05_socket", "import socket; socket.create_connection(('127.0.0.1', PORT))", "PermissionError: [Errno 1")]
    [InlineData("raiser", "raise KeyError('gone')", "KeyError: 'gone' (raiser.py, line 3, in on_start).")]
    public async Task ThatGoesTooFar_FailsWithASentenceAndTheNextAlertRuns(string name, string does, string said)
    {
        await using var site = await Site.Open(turnDeadline: TimeSpan.FromSeconds(name == "endless" ? 1 : 60));
        string Here(string text) => text.Replace("FOLDER", site.Folder, StringComparison.Ordinal).Replace("PORT", $"{site.Server.Url.Port}", StringComparison.Ordinal);

        var run = await site.RunToEnd(name, $"import phantom.rules as phantom\ndef on_start(container):\n    {Here(does)}\n");

        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.StartsWith(Here(said), run.Said(), StringComparison.Ordinal);
        Assert.Contains(await site.LogOf(run), line => line.StartsWith(Here(said), StringComparison.Ordinal));
        await site.AlertStillBecomesTicket();
    }

    [Fact]
    public async Task T05_ThatReadsItsEnvironment_FindsNothingOfTheServers()
    {
        await using var site = await Site.Open();

        var run = await site.RunToEnd("reader", "import os\nimport phantom.rules as phantom\ndef on_start(container):\n    phantom.debug('found ' + repr(sorted(os.environ)))\ndef on_finish(container, summary): pass\n");

        Assert.Equal("success", run.GetProperty("status").GetString());
        Assert.Contains("found ['TZ']", await site.LogOf(run));
    }

    [Theory]
    [InlineData("for _ in range(20_000): print('x' * 100)")]
    [InlineData("print('x' * 20_000_000)")]
    public async Task ThatPrintsMegabytes_HasABoundedLogThatSaysSo(string does)
    {
        await using var site = await Site.Open();

        var run = await site.RunToEnd("talker", $"def on_start(container):\n    {does}\ndef on_finish(container, summary): pass\n");

        Assert.Equal("success", run.GetProperty("status").GetString());
        var log = await site.LogOf(run);
        Assert.InRange(log.Sum(line => line.Length), 1, 1 << 20);
        Assert.Contains("the log of this turn is full, the rest of it is left out", log);
        await site.AlertStillBecomesTicket();
    }

    [Fact]
    public async Task WithASyntaxError_IsImportedWithFileLineAndTextAndDoesNotRun()
    {
        await using var site = await Site.Open();

        var imported = await site.Import("broken", "import phantom.rules as phantom\n\ndef on_start(container:\n    return\n");
        var container = await site.QuietEvent();
        var (status, started) = await site.Post("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":{{imported.GetProperty("id")}}}""");

        const string where = "broken.py, line 3 (\"def on_start(container:\"): ";
        Assert.False(imported.GetProperty("passed_validation").GetBoolean());
        Assert.StartsWith("Playbook \"local/broken\" was imported and cannot run: " + where, imported.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(400, status);
        Assert.StartsWith("Playbook \"local/broken\" cannot run: " + where, started.GetProperty("message").GetString(), StringComparison.Ordinal);
        await site.AlertStillBecomesTicket();
    }

    [Fact]
    public async Task AnswerOfFiftyMegabytes_IsAFailedLookupThatSaysSoAndTheTicketIsOpened()
    {
        await using var site = await Site.Open();
        await site.Behave("""{"system":"shodan","fail":"huge"}""");

        var container = await site.SendAlert();

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        var ticket = Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Contains("in Shodan failed: The answer is larger than 16 MB and was not read further", ticket.GetProperty("fields").GetProperty("description").GetString(), StringComparison.Ordinal);
    }
}

using System.Text.Json;

namespace Vedette.Program.Tests;

public sealed class PlaybookTests : ProgramTest
{
    private const string Sound = "import phantom.rules as phantom\n\ndef on_start(container):\n    phantom.debug('started')\n\ndef on_finish(container, summary):\n    return\n";

    [Fact]
    public async Task FileImportedAndActivated_StartsForItsLabel()
    {
        await using var server = await Serve();
        await Playbook(Beside("triage.py"), Sound);

        var ended = await AsAdmin("playbook", "import", Beside("triage.py"), "--activate", "--label", "events");

        Assert.Equal(0, ended.Status);
        Assert.Contains("local/triage was taken in and starts for events with the labels events.", ended.Said, StringComparison.Ordinal);
        Assert.Matches(@"active +local/triage +\[events\]", (await AsAdmin("playbook", "list")).Said);
    }

    [Fact]
    public async Task FolderImported_TheBrokenOneIsKeptAndNamedWithItsLine()
    {
        await using var server = await Serve();
        Directory.CreateDirectory(Beside("mine"));
        await Playbook(Beside("mine/a_sound.py"), Sound);
        await Playbook(Beside("mine/b_broken.py"), "def on_start(container):\n    return (\n");

        var ended = await AsAdmin("playbook", "import", Beside("mine"));

        Assert.Equal(1, ended.Status);
        Assert.Contains("local/a_sound was taken in.", ended.Said, StringComparison.Ordinal);
        Assert.Contains("local/b_broken was taken in and cannot run:", ended.Complained, StringComparison.Ordinal);
        Assert.Contains("line 2", ended.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameNameAgain_NeedsForce()
    {
        await using var server = await Serve();
        await Playbook(Beside("triage.py"), Sound);
        await AsAdmin("playbook", "import", Beside("triage.py"));

        var again = await AsAdmin("playbook", "import", Beside("triage.py"));

        Assert.Equal(1, again.Status);
        Assert.Contains("is there already", again.Complained, StringComparison.Ordinal);
        Assert.Equal(0, (await AsAdmin("playbook", "import", Beside("triage.py"), "--force")).Status);
    }

    [Fact]
    public async Task T08_AutomationToken_ListsAndImportsNothing()
    {
        await using var server = await Serve();
        await Playbook(Beside("triage.py"), Sound);

        var import = await ByToken("playbook", "import", Beside("triage.py"));

        Assert.Equal(1, import.Status);
        Assert.Contains("does not have permission", import.Complained, StringComparison.Ordinal);
        var listed = JsonSerializer.Deserialize<JsonElement>((await ByToken("playbook", "list", "--json")).Said);
        Assert.DoesNotContain(listed.EnumerateArray(), playbook => playbook.GetProperty("name").GetString() == "triage");
    }

    [Theory]
    [InlineData("none.py", "There is no playbook")]
    [InlineData("", "has no playbook (.py)")]
    public async Task NothingThere_SaysSo(string name, string sentence)
    {
        var ended = await Program.Run(["playbook", "import", name.Length == 0 ? Path.GetDirectoryName(Beside("x"))! : Beside(name)]);

        Assert.Equal(1, ended.Status);
        Assert.Contains(sentence, ended.Complained, StringComparison.Ordinal);
    }

    private static Task Playbook(string file, string source) => File.WriteAllTextAsync(file, source, Ct);
}

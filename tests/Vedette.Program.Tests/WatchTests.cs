namespace Vedette.Program.Tests;

/// <summary><c>vedette playbook test --watch</c>: tried again after each change of what a trial reads.</summary>
public sealed class WatchTests : ProgramTest
{
    private const string Waits = "Waiting until a file changes.";

    [Fact]
    public async Task CustomFunctionAboveThePlaybook_Changed_IsTriedAgain()
    {
        Directory.CreateDirectory(Beside("custom_functions"));
        Directory.CreateDirectory(Beside("mine"));
        await Function("first");
        await File.WriteAllTextAsync(Beside("custom_functions/word.json"), """{"custom_function_id": "1", "python_version": "3", "outputs_type": "item"}""", Ct);
        await File.WriteAllTextAsync(Beside("mine/calls.py"), """
            import phantom.rules as phantom

            def on_start(container):
                phantom.custom_function(custom_function="local/word", parameters=[{}], name="word", callback=told)

            def told(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.error("it says %s" % results)
            """, Ct);
        await File.WriteAllTextAsync(Beside("mine/calls.tests.yaml"), """
            cases:
              - name: says the second
                expect: {log: [/second/]}
            """, Ct);

        await using var watch = RunningProgram.Start(["playbook", "test", Beside("mine"), "--watch"]);
        await watch.Line(Waits);
        Assert.Contains("0 passed, 1 failed", watch.Said, StringComparison.Ordinal);
        await Function("second");

        await watch.Line("1 passed, 0 failed");
    }

    private Task Function(string word) => File.WriteAllTextAsync(Beside("custom_functions/word.py"), $"def word(**kwargs):\n    return {{\"said\": \"{word}\"}}\n", Ct);
}

namespace Vedette.Program.Tests;

/// <summary>An interpreter that is missing or too old: one sentence, by every command that needs one.</summary>
public sealed class PythonTests : ProgramTest
{
    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    [InlineData("doctor")]
    public async Task Missing_SaysSoAndHowToGetIt(string command)
    {
        var ended = await Program.Run(Args(command, "/nowhere/python3"));

        Assert.Equal(1, ended.Status);
        Assert.Contains("There is no Python at /nowhere/python3. Playbooks need Python 3.9 or newer: install it", ended.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    [InlineData("doctor")]
    public async Task TooOld_SaysSoAndHowToGetIt(string command)
    {
        var old = Beside("python3");
        // Takes what the server gives an interpreter, and answers as one of version 3.6 would.
        await File.WriteAllTextAsync(old, """
            #!/bin/sh
            exec /usr/bin/python3 -S -s -c 'import sys; sys.version_info = (3, 6, 9, "final", 0); exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"))' "$4"
            """, Ct);
        File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        var ended = await Program.Run(Args(command, old));

        Assert.Equal(1, ended.Status);
        Assert.Contains($"The Python at {old} is too old: 3.6.9. Playbooks need Python 3.9 or newer: install it", ended.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T30_FirstStartThatIsRefused_LosesNoFirstPassword()
    {
        await Program.Run(Args("serve", "/nowhere/python3"));

        await using var server = await RunningProgram.Serve(Data);

        await server.Line("First sign-in: user admin");
    }

    private string[] Args(string command, string python) => command == "demo"
        ? ["demo", "--exit", "--python", python]
        : [command, "--data", Data, "--urls", "https://127.0.0.1:0", "--python", python];
}

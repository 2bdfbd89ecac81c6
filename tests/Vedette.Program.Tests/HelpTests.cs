namespace Vedette.Program.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Commands =>
    [
        "demo", "serve", "doctor", "status", "stop", "resume", "approvals list", "approvals show", "approvals answer", "approvals decline", "playbook import", "playbook list", "sandbox show", "sandbox accept", "sandbox withdraw",
        "audit verify", "backup", "restore", "migrate", "password", "settings", "lab",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task HelpOfACommand_SaysWhatItDoesWithAnExample(string command)
    {
        var ended = await Program.Run([.. command.Split(' '), "--help"]);

        Assert.Equal(0, ended.Status);
        Assert.Contains($"Example: vedette {command}", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListOfCommands_HasALineForEach()
    {
        var ended = await Program.Run(["--help"]);

        Assert.All(Commands.Select(row => row.Data.Split(' ')[0]).Distinct(), name => Assert.Contains($"\n  {name} ", ended.Said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task MisspeltOption_IsNamedWithoutAPageOfHelp()
    {
        var ended = await Program.Run(["serve", "--urlz", "x"]);

        Assert.Equal(1, ended.Status);
        Assert.Contains("--urlz", ended.Complained, StringComparison.Ordinal);
        Assert.DoesNotContain("Options:", ended.All, StringComparison.Ordinal);
    }
}

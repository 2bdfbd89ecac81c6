namespace Vedette.Program.Tests;

public sealed class AuditVerifyTests : ProgramTest
{
    private const string End = "End of the chain, to keep elsewhere: ";

    [Fact]
    public async Task T22_UntouchedRecord_HoldsAlsoWhileAServerRuns()
    {
        await using var server = await Serve();

        var ended = await Verify();

        Assert.Equal(0, ended.Status);
        Assert.Contains("The record holds: ", ended.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Row 3 of the chain main: its fields are not those that were written.", "UPDATE audit SET act = 'slept' WHERE number = 3")]
    [InlineData("Row 3 of the chain main: its content is not the one that was written.", "UPDATE audit SET content = '{\"a\":2}' WHERE number = 3")]
    [InlineData("Row 4 of the chain main: 1 before it missing.", "DELETE FROM audit WHERE number = 3")]
    [InlineData("of the chain main: its fields are not those that were written.", "CREATE TEMP TABLE t AS SELECT * FROM audit WHERE number = 3", "UPDATE t SET id = 9999, number = (SELECT MAX(number) + 1 FROM audit)", "INSERT INTO audit SELECT * FROM t")]
    [InlineData("Row 2 of the chain main: it comes after number 3: moved or added.", "UPDATE audit SET id = -1 WHERE number = 2", "UPDATE audit SET id = 2 WHERE number = 3", "UPDATE audit SET id = 3 WHERE number = 2")]
    [InlineData("of the chain main: 3 before it missing.", "DELETE FROM audit WHERE number <= 3")]
    public async Task T22_TouchedRecord_IsFoundAndTheRowIsNamed(string sentence, params string[] sql)
    {
        await StoreThere();
        Sql(["DROP TRIGGER audit_is_kept", "DROP TRIGGER audit_is_fixed", "DROP TRIGGER audit_content_is_only_emptied", .. sql]);

        var ended = await Verify();

        Assert.Equal(1, ended.Status);
        Assert.Contains(sentence, ended.Said, StringComparison.Ordinal);
        Assert.Contains("The record was touched", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T22_TailThatWasCutOff_IsFoundWithTheEndThatWasKept()
    {
        await StoreThere();
        var end = (await Verify()).Said.Split('\n').Single(line => line.StartsWith(End, StringComparison.Ordinal))[End.Length..];
        Assert.Equal(0, (await Verify("--checkpoint", end)).Status);
        Sql("DROP TRIGGER audit_is_kept", "DELETE FROM audit WHERE number > 4");

        var ended = await Verify("--checkpoint", end);

        Assert.Equal(1, ended.Status);
        Assert.Contains("The chain main ends at number 4; a checkpoint knows number ", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoStoreThere_SaysSo()
    {
        var ended = await Verify();

        Assert.Equal(1, ended.Status);
        Assert.Contains($"There is no store in {Data}", ended.Complained, StringComparison.Ordinal);
    }

    private Task<Ended> Verify(params string[] more) => Program.Run(["audit", "verify", "--data", Data, .. more]);
}

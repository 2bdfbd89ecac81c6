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

    [Fact]
    public async Task T22_SignedEnds_ShowACutTail_AndALineThatWasForgedOrSignedBySomebodyElse()
    {
        var ends = Beside("ends");
        var key = Beside("kept.pub");
        await using (var server = await Serve("--audit-ends", ends))
        {
            // Written at the latest when the server ends.
        }

        File.Copy(Path.Combine(Data, "audit.pub"), key);
        var untouched = await Verify("--ends", ends, "--key", key);
        Assert.True(untouched.Status == 0, untouched.All);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Data, "audit.key")));

        using var stranger = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var other = Beside("other.pub");
        await File.WriteAllTextAsync(other, stranger.ExportSubjectPublicKeyInfoPem(), Ct);
        var byOther = await Verify("--ends", ends, "--key", other);
        Assert.Equal(1, byOther.Status);
        Assert.Contains("TOUCHED  This end was not signed by the key", byOther.Said, StringComparison.Ordinal);

        Sql("DROP TRIGGER audit_is_kept", "DELETE FROM audit WHERE number > 4");
        var cut = await Verify("--ends", ends, "--key", key);
        Assert.Equal(1, cut.Status);
        Assert.Contains("The chain main ends at number 4; a checkpoint knows number ", cut.Said, StringComparison.Ordinal);

        var line = (await File.ReadAllLinesAsync(ends, Ct))[^1].Split(' ');
        line[2] = "4";
        await File.WriteAllTextAsync(ends, $"Nov 25 log.example vedette: {string.Join(' ', line)}\n", Ct);
        var forged = await Verify("--ends", ends, "--key", key);
        Assert.Equal(1, forged.Status);
        Assert.Contains("TOUCHED  This end was not signed by the key", forged.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T22_Export_IsVerifiedWithoutTheStore_AndEveryTouchOfItIsFound()
    {
        await StoreThere();
        var whole = Beside("record.jsonl");
        var end = (await Verify()).Said.Split('\n').Single(line => line.StartsWith(End, StringComparison.Ordinal))[End.Length..];
        Assert.Equal(0, (await Program.Run(["audit", "export", whole, "--data", Data])).Status);
        var rows = await File.ReadAllLinesAsync(whole, Ct);
        Assert.True(rows.Length > 5);

        Assert.Contains($"The record holds: {rows.Length} rows", (await VerifyFile(rows)).Said, StringComparison.Ordinal);
        string[][] touched =
        [
            [.. rows.Select((row, i) => i == 2 ? row.Replace("\"Act\":\"", "\"Act\":\"not ", StringComparison.Ordinal) : row)],
            [.. rows.Where((_, i) => i != 2)],
            [.. rows.Take(3), rows[2], .. rows.Skip(3)],
            [rows[0], rows[2], rows[1], .. rows.Skip(3)],
            [.. rows.SkipLast(1)],
        ];
        foreach (var file in touched)
        {
            var ended = await VerifyFile(file);
            Assert.Equal(1, ended.Status);
            Assert.Contains("The record was touched", ended.Said, StringComparison.Ordinal);
        }

        async Task<Ended> VerifyFile(string[] lines)
        {
            var file = Beside("copy.jsonl");
            await File.WriteAllLinesAsync(file, lines, Ct);
            return await Program.Run(["audit", "verify", "--export", file, "--checkpoint", end]);
        }
    }

    private Task<Ended> Verify(params string[] more) => Program.Run(["audit", "verify", "--data", Data, .. more]);
}

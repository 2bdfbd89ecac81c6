using System.CommandLine;
using System.Globalization;
using Vedette.Engine.Access;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Remote;
using Vedette.Server.Hosting;
using Vedette.Settings;
using Vedette.Storage;
using Path = System.IO.Path;

namespace Vedette.Commands;

/// <summary><c>vedette audit verify</c>: whether the record was touched.</summary>
internal static class AuditCommand
{
    public static Command Make() => new ToldCommand("audit", """
        The record of who did what.

        Example: vedette audit verify --data /var/lib/vedette
        """) { Verify() };

    private static Command Verify()
    {
        var data = new Option<string?>("--data") { Description = "The data folder [default: VEDETTE_DATA, else the folder serve takes]", HelpName = "DIR" };
        var checkpoint = new Option<string[]>("--checkpoint")
        {
            Description = "An end that an earlier verify printed, CHAIN:NUMBER:HASH; with it a tail that was cut off is found, and a chain rewritten as a whole",
            HelpName = "END",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new ToldCommand("verify", """
            Reads the whole audit trail, checks its chain of hashes, and says which row is changed, missing, added or moved. Ends with 0 when
            it holds and with 1 when it was touched. It only reads and takes no lock: a server may run meanwhile, and rows that it writes
            are read along. What a chain cannot show by itself is that its end was cut off: keep the last line that is printed
            somewhere else, and give it to the next verify.

            Example: vedette audit verify --data /var/lib/vedette --checkpoint main:1207:5feceb66ffc8…
            """) { data, checkpoint };
        command.SetAction(async (parsed, ct) =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(data) ?? Environment.GetEnvironmentVariable("VEDETTE_DATA") ?? AllSettings.DefaultDataFolder);
            try
            {
                await using var store = StoreOfFolder.Place(folder).OpenToRead();
                return await Verify(store, [.. (parsed.GetValue(checkpoint) ?? []).Select(Checkpoint)], ct);
            }
            catch (StoreException exception)
            {
                throw new CommandException(exception.Message, exception);
            }
        });
        return command;
    }

    private static async Task<int> Verify(ReadOnlyStore store, IReadOnlyList<AuditCheckpoint> checkpoints, CancellationToken ct)
    {
        var verdict = await OfflineStore.VerifyAudit(store, checkpoints, ct);
        foreach (var finding in verdict.Findings)
        {
            Console.WriteLine($"{(finding.IsBroken ? "TOUCHED" : "note   ")}  {finding.Text}");
        }

        var broken = verdict.Findings.Count(finding => finding.IsBroken);
        Console.WriteLine(verdict.Holds
            ? string.Create(CultureInfo.InvariantCulture, $"The record holds: {verdict.Rows} rows, each following from the one before.")
            : string.Create(CultureInfo.InvariantCulture, $"The record was touched: {broken} findings in {verdict.Rows} rows. Keep a copy of the data folder before anything else."));
        foreach (var end in await Ends(store, ct))
        {
            Console.WriteLine($"End of the chain, to keep elsewhere: {end.Chain}:{end.Number.ToString(CultureInfo.InvariantCulture)}:{end.Hash}");
        }

        return verdict.Holds ? 0 : 1;
    }

    private static async Task<IReadOnlyList<AuditRow>> Ends(ReadOnlyStore store, CancellationToken ct)
    {
        var ends = new List<AuditRow>();
        var others = Where.All;
        while (await store.Select<AuditRow>(new Query { Where = others, Order = [(nameof(AuditRow.Number), true)], Limit = 1 }, ct) is [var last])
        {
            ends.Add(last);
            others &= !Where.Is(nameof(AuditRow.Chain), last.Chain);
        }

        return ends;
    }

    private static AuditCheckpoint Checkpoint(string text) =>
        text.Split(':') is [{ Length: > 0 } chain, var number, { Length: 64 } hash] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new AuditCheckpoint(chain, at, hash)
            : throw new CommandException($"\"{text}\" is no checkpoint. Write it as verify prints it: CHAIN:NUMBER:HASH, the hash with 64 signs.");
}

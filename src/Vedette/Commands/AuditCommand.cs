using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Vedette.Engine.Access;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Remote;
using Vedette.Server.Hosting;
using Vedette.Settings;
using Vedette.Storage;
using Vedette.Terminal;
using Path = System.IO.Path;

namespace Vedette.Commands;

/// <summary><c>vedette audit</c>: whether the record was touched, and the record as a file.</summary>
internal static class AuditCommand
{
    public static Command Make() => new ToldCommand("audit", """
        The record of who did what.

        Example: vedette audit verify --data /var/lib/vedette
        """) { Verify(), Export() };

    private static Command Verify()
    {
        var data = new Option<string?>("--data") { Description = "The data folder [default: VEDETTE_DATA, else the folder serve takes]", HelpName = "DIR" };
        var checkpoint = new Option<string[]>("--checkpoint")
        {
            Description = "An end that an earlier verify printed, CHAIN:NUMBER:HASH; with it a tail that was cut off is found, and a chain rewritten as a whole",
            HelpName = "END",
            AllowMultipleArgumentsPerToken = true,
        };
        var ends = new Option<string?>("--ends") { Description = "File of signed ends, as the setting audit_ends has them written, or cut out of a syslog", HelpName = "FILE" };
        var key = new Option<string?>("--key") { Description = "What verifies them: the audit.pub that was kept elsewhere [default: the one in the data folder]", HelpName = "FILE" };
        var export = new Option<string?>("--export") { Description = "Verify this export in place of a store", HelpName = "FILE" };
        var command = new ToldCommand("verify", """
            Reads the whole audit trail, checks its chain of hashes, and says which row is changed, missing, added or moved. Ends with 0 when
            it holds and with 1 when it was touched. It only reads and takes no lock: a server may run meanwhile, and rows that it writes
            are read along. What a chain cannot show by itself is that its end was cut off: keep the last line that is printed
            somewhere else, and give it to the next verify.

            Example: vedette audit verify --data /var/lib/vedette --checkpoint main:1207:5feceb66ffc8…
            """) { data, checkpoint, ends, key, export };
        command.SetAction(async (parsed, ct) =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(data) ?? Environment.GetEnvironmentVariable("VEDETTE_DATA") ?? AllSettings.DefaultDataFolder);
            List<AuditCheckpoint> checkpoints = [.. (parsed.GetValue(checkpoint) ?? []).Select(Checkpoint)];
            var forged = 0;
            if (parsed.GetValue(ends) is { } file)
            {
                forged = ReadEnds(file, parsed.GetValue(key) ?? Path.Combine(folder, "audit.pub"), checkpoints);
            }

            try
            {
                if (parsed.GetValue(export) is { } exported)
                {
                    return Math.Max(forged, VerifyExport(exported, checkpoints));
                }

                await using var store = StoreOfFolder.Place(folder).OpenToRead();
                return Math.Max(forged, await Verify(store, checkpoints, ct));
            }
            catch (StoreException exception)
            {
                throw new CommandException(exception.Message, exception);
            }
        });
        return command;
    }

    private static Command Export()
    {
        var file = new Argument<string>("FILE") { Description = "The file to make" };
        var data = new Option<string?>("--data") { Description = "The data folder [default: VEDETTE_DATA, else the folder serve takes]", HelpName = "DIR" };
        var command = new ToldCommand("export", """
            Writes the whole record to a file, a row as JSON on each line, oldest first.
            It holds all that verify needs, so another machine can check it: vedette audit verify --export FILE. It only reads and takes no lock.

            Example: vedette audit export record.jsonl --data /var/lib/vedette
            """) { file, data };
        command.SetAction(async (parsed, ct) =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(data) ?? Environment.GetEnvironmentVariable("VEDETTE_DATA") ?? AllSettings.DefaultDataFolder);
            try
            {
                await using var store = StoreOfFolder.Place(folder).OpenToRead();
                await using var made = new FileStream(parsed.GetValue(file)!, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = PrivateFile.Mode });
                await using var text = new StreamWriter(made);
                var (rows, last) = (0L, long.MinValue);
                while (await store.Select<AuditRow>(new Query { Where = new Compare(nameof(AuditRow.Id), Comparison.Greater, last), Order = [(nameof(AuditRow.Id), false)], Limit = 2000 }, ct) is { Count: > 0 } page)
                {
                    foreach (var row in page)
                    {
                        await text.WriteLineAsync(JsonSerializer.Serialize(row));
                    }

                    (rows, last) = (rows + page.Count, page[^1].Id);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows} rows are in {parsed.GetValue(file)}."));
                return 0;
            }
            catch (Exception exception) when (exception is StoreException or IOException)
            {
                throw new CommandException(exception.Message, exception);
            }
        });
        return command;
    }

    /// <summary>Adds the ends that the key has signed; 1 where a line says it is one and was not signed by it.</summary>
    private static int ReadEnds(string file, string keyFile, List<AuditCheckpoint> checkpoints)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(keyFile));
            var forged = 0;
            foreach (var line in File.ReadLines(file).Where(line => line.Contains("vedette-end-1", StringComparison.Ordinal)))
            {
                if (SignedEnd.Read(line, key) is { } end)
                {
                    checkpoints.Add(end);
                }
                else
                {
                    forged = 1;
                    Console.WriteLine($"TOUCHED  This end was not signed by the key {SignedEnd.Id(key)}: {SafeText.Of(line)}");
                }
            }

            return forged;
        }
        catch (Exception exception) when (exception is IOException or CryptographicException or ArgumentException)
        {
            throw new CommandException(exception.Message, exception);
        }
    }

    private static int VerifyExport(string file, List<AuditCheckpoint> checkpoints)
    {
        var rows = 0L;
        try
        {
            var findings = AuditChain.Verify(File.ReadLines(file).Select(line => { rows++; return JsonSerializer.Deserialize<AuditRow>(line)!; }), checkpoints);
            return Say(new AuditVerdict(rows, findings));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            throw new CommandException($"{file}, line {rows}: {exception.Message}", exception);
        }
    }

    private static async Task<int> Verify(ReadOnlyStore store, IReadOnlyList<AuditCheckpoint> checkpoints, CancellationToken ct)
    {
        var status = Say(await OfflineStore.VerifyAudit(store, checkpoints, ct));
        foreach (var end in await Ends(store, ct))
        {
            Console.WriteLine($"End of the chain, to keep elsewhere: {end.Chain}:{end.Number.ToString(CultureInfo.InvariantCulture)}:{end.Hash}");
        }

        return status;
    }

    private static int Say(AuditVerdict verdict)
    {
        foreach (var finding in verdict.Findings)
        {
            Console.WriteLine($"{(finding.IsBroken ? "TOUCHED" : "note   ")}  {finding.Text}");
        }

        var broken = verdict.Findings.Count(finding => finding.IsBroken);
        Console.WriteLine(verdict.Holds
            ? string.Create(CultureInfo.InvariantCulture, $"The record holds: {verdict.Rows} rows, each following from the one before.")
            : string.Create(CultureInfo.InvariantCulture, $"The record was touched: {broken} findings in {verdict.Rows} rows. Keep a copy of the data folder before anything else."));
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

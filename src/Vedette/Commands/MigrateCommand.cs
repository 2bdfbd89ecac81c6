using System.CommandLine;
using System.Globalization;
using Vedette.Remote;
using Vedette.Server.Hosting;
using Vedette.Storage;
using Vedette.Storage.Carriage;

namespace Vedette.Commands;

/// <summary><c>vedette migrate</c>: moves an installation from SQLite to PostgreSQL, or back.</summary>
internal static class MigrateCommand
{
    private const string InEnvironment = "env:";
    private const string InFile = "file:";

    public static Command Make()
    {
        var from = new Option<string>("--from") { Description = "Where the rows are: a data folder, env:NAME or file:PATH", HelpName = "PLACE", Required = true };
        var to = new Option<string>("--to") { Description = "Where they go: env:NAME, file:PATH or a data folder", HelpName = "PLACE", Required = true };
        var command = new ToldCommand("migrate", """
            Moves the rows of an installation from SQLite to an empty PostgreSQL database, or back. No server may run with either. A database is named by where its
            connection string stands, env:NAME for a variable of the environment and file:PATH for a file of mode 0600, never by the string itself, which may hold a password.
            Every table is read back and compared, by count and digest, and the record is verified. The old store is closed then, not deleted, so that
            nobody goes on with both. The data folder stays what it is: keys and files of events are in it, whatever holds the rows.

            Example: vedette migrate --from /var/lib/vedette --to env:VEDETTE_STORE
            """) { from, to };
        command.SetAction((parsed, ct) => BackupCommand.Told(async () =>
        {
            var (old, next) = Places(parsed.GetValue(from)!, parsed.GetValue(to)!);
            var tables = await Task.Run(() => StoreMove.Run(old, next, TimeProvider.System, ct), ct);
            foreach (var table in tables.Where(table => table.Rows > 0))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.Name,-24} {table.Rows,10} rows, sha256 {table.Sha256[..16]}…"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Moved {tables.Sum(table => table.Rows)} rows to {next}; read back, all are as they were."));
            await using var store = next.OpenToRead();
            var verdict = await OfflineStore.VerifyAudit(store, [], ct);
            Console.WriteLine(verdict.Holds
                ? string.Create(CultureInfo.InvariantCulture, $"The record holds there: {verdict.Rows} rows, each following from the one before.")
                : "The record was touched before the move: see vedette audit verify.");
            Console.WriteLine(next.Database is null
                ? $"Go on with: vedette serve --data {next.DataFolder}, without VEDETTE_STORE and without \"store\" in the settings."
                : $"Go on with: vedette serve --data {next.DataFolder}, with the connection string in VEDETTE_STORE or as \"store\" in the settings file.");
            return verdict.Holds ? 0 : 1;
        }));
        return command;
    }

    private static (StorePlace From, StorePlace To) Places(string from, string to)
    {
        var (old, next) = (Database(from), Database(to));
        return (old, next) switch
        {
            (null, { } database) => (new StorePlace(Path.GetFullPath(from)), new StorePlace(Path.GetFullPath(from), database)),
            ({ } database, null) => (new StorePlace(Path.GetFullPath(to), database), new StorePlace(Path.GetFullPath(to))),
            (null, null) => throw new CommandException("Both are data folders. A data folder is moved as a whole, with mv, while no server runs; name a database by env:NAME or file:PATH."),
            _ => throw new CommandException("Both are databases. To go from one to another, make a backup and restore it; name a data folder on one side."),
        };
    }

    /// <summary>Null where a data folder is meant.</summary>
    private static PostgresAddress? Database(string place)
    {
        if (place.StartsWith(InEnvironment, StringComparison.Ordinal))
        {
            var name = place[InEnvironment.Length..];
            return Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? PostgresAddress.Parse(text) : throw new CommandException($"There is no {name} in the environment.");
        }

        if (place.StartsWith(InFile, StringComparison.Ordinal))
        {
            var file = Path.GetFullPath(place[InFile.Length..]);
            if (File.Exists(file) && (File.GetUnixFileMode(file) & ~PrivateFile.Mode) != 0)
            {
                throw new CommandException($"{file} holds a connection string, and others may read it. Close it: chmod 600 \"{file}\"");
            }

            return PostgresAddress.Parse(File.ReadAllText(file).Trim());
        }

        return place.Contains('=', StringComparison.Ordinal) && !Directory.Exists(place)
            ? throw new CommandException("That looks like a connection string, which may hold a password and which every user of this machine could read in the list of processes. Put it into the environment or into a file of mode 0600, and name it by env:NAME or file:PATH; if it was a real one, change its password.")
            : null;
    }
}

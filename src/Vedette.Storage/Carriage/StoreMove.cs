using System.Globalization;
using Vedette.Storage.Postgres;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Carriage;

/// <summary>Moves an installation's rows from one store to another. Its data folder, with keys and files, stays where it is.</summary>
public static class StoreMove
{
    /// <summary>Copies all rows, compares them with what is read back, and closes the old store, so that nobody goes on with both.</summary>
    /// <returns>What was moved, table by table.</returns>
    /// <exception cref="StoreException">One of them is in use, the old one is not there, the new one is not empty, or what is read back is not what was put in; then nothing was moved.</exception>
    public static IReadOnlyList<TableCount> Run(StorePlace from, StorePlace to, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(time);
        if (from.Look().Fault is { } fault)
            throw new StoreException(fault);
        using IDisposable held = from.Database is { } database
            ? Holding.Take(database, Migration.Embedded("postgres"), time, TimeSpan.Zero)
            : Folder.Take(from.DataFolder);
        var moved = new List<TableCount>();
        using (var moment = Moment.Of(from))
        using (var landing = Landing.At(to, time))
        {
            foreach (var table in CarriedTable.All)
            {
                ct.ThrowIfCancellationRequested();
                moved.Add(landing.Fill(table, moment.Rows(table)));
            }

            landing.SetLastMessage(moment.LastMessage());
            landing.Land();
        }

        if (held is Holding old)
            old.MovedTo(to.ToString(), time.GetUtcNow());
        else
            CloseFile(from.DataFolder, time);
        return moved;
    }

    /// <summary>All of the store goes into its one file, which gets a name that no server opens.</summary>
    private static void CloseFile(string folder, TimeProvider time)
    {
        var file = System.IO.Path.Combine(folder, SqliteStoreOptions.DefaultFileName);
        using (var connection = Connections.Writing(file, 1 << 20))
            Connections.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        File.Move(file, string.Create(CultureInfo.InvariantCulture, $"{file}{StorePlace.MovedMark}{time.GetUtcNow():yyyyMMddHHmmss}"));
    }
}

using System.Net.Sockets;
using Npgsql;

namespace Vedette.Storage.Postgres;

/// <summary>What an error of the database says about the database, the unit, or the way there.</summary>
internal static class Faults
{
    /// <summary>The database is not there, or not for us, at the moment.</summary>
    public static bool IsOutage(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } => state is ['0', '8', ..] or ['5', '7', 'P', '0', '1' or '2' or '3' or '5'] or "53300" or "25P03",
        StoreException => false,
        NpgsqlException or SocketException or TimeoutException or IOException => true,
        // A connection that was broken under a statement tells so by its state.
        InvalidOperationException => exception.Source == nameof(Npgsql),
        _ => false,
    };

    /// <summary>The unit asks for what cannot be; its neighbours have no part in it.</summary>
    public static bool IsOfUnit(PostgresException exception) => exception.SqlState[..2] is "22" or "23" or "42" or "54" or "P0" or "0A";

    public static bool IsTaken(PostgresException exception) => exception.SqlState == PostgresErrorCodes.UniqueViolation;

    /// <summary>Without what the server quotes of the values.</summary>
    public static string Sentence(Exception exception) => exception is PostgresException told ? $"{told.MessageText} ({told.SqlState})" : exception.Message;
}

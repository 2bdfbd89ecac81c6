using Npgsql;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Postgres;

/// <summary>Looks at a database, and changes nothing.</summary>
internal static class PostgresLook
{
    public static StoreLook At(PostgresAddress address)
    {
        var known = Migration.Embedded("postgres")[^1].Number;
        try
        {
            using var connection = address.Single(Holding.Program);
            connection.Open();
            var (session, holder) = Holding.Holder(connection);
            var schema = Is(connection, "SELECT to_regclass('schema_version') IS NOT NULL") ? PostgresMigrations.Version(connection) : 0;
            var name = PostgresMigrations.Capital(address);
            var fault = schema == 0 ? $"There is no store in {address}. vedette serve makes it." : StoreLook.FaultOf(name, schema, known, "it brings the store up to date; make a backup before");
            if (schema < known && !Is(connection, "SELECT COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false)"))
                fault = $"{name} does not let its user make tables. Make the user the owner of the database, or grant USAGE and CREATE on its schema.";
            return new StoreLook(address.ToString(), schema > 0, session != 0, schema, known, fault) { Server = connection.PostgreSqlVersion.ToString(), Holder = session == 0 ? null : holder };
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException or InvalidOperationException)
        {
            return new StoreLook(address.ToString(), false, false, null, known, Holding.Unusable(address, exception).Message) { Reached = false };
        }
    }

    private static bool Is(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // A constant.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (bool)command.ExecuteScalar()!;
    }
}

using Microsoft.Data.Sqlite;

namespace Vedette.Storage.Sqlite;

/// <summary>The prepared statements of one connection, by their text.</summary>
internal sealed class Statements(SqliteConnection connection, int atMost = 500) : IDisposable
{
    private readonly Dictionary<string, Statement> _known = [];

    public Statement Of(string sql)
    {
        if (_known.TryGetValue(sql, out var statement))
        {
            return statement;
        }

        if (_known.Count >= atMost)
        {
            Dispose();
        }

        return _known[sql] = new Statement(connection, sql);
    }

    public void Dispose()
    {
        foreach (var statement in _known.Values)
        {
            statement.Dispose();
        }

        _known.Clear();
    }
}

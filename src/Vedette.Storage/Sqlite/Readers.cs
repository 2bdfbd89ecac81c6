using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Vedette.Engine.Storage;

namespace Vedette.Storage.Sqlite;

/// <summary>Connections that only read, handed out one query at a time.</summary>
internal sealed class Readers(string connectionString, SqliteStoreOptions options) : IDisposable
{
    private readonly ConcurrentBag<Reader> _free = [];
    private readonly SemaphoreSlim _places = new(options.Readers, options.Readers);

    public async ValueTask<T> Read<T>(Func<Statements, T> read, CancellationToken ct)
    {
        await _places.WaitAsync(ct);
        try
        {
            var reader = _free.TryTake(out var free) ? free : new Reader(connectionString, options);
            try
            {
                return read(reader.Statements);
            }
            finally
            {
                _free.Add(reader);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        while (_free.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _places.Dispose();
    }

    private sealed class Reader : IDisposable
    {
        private readonly SqliteConnection _connection;

        public Reader(string connectionString, SqliteStoreOptions options)
        {
            _connection = new SqliteConnection(connectionString);
            _connection.Open();
            Migrations.Execute(_connection, "PRAGMA query_only = 1; PRAGMA busy_timeout = 5000; PRAGMA mmap_size = 268435456;");
            _connection.CreateFunction("vedette_lower", (string? text) => text?.ToLowerInvariant(), isDeterministic: true);
            _connection.CreateFunction("vedette_matches", (string? text, string pattern, long ignoreCase) => text is null ? null : Matches(text, pattern, ignoreCase != 0, options), isDeterministic: true);
            Statements = new Statements(_connection);
        }

        public Statements Statements { get; }

        public void Dispose()
        {
            Statements.Dispose();
            _connection.Dispose();
        }

        /// <summary>In linear time: a pattern that would explode is refused by the engine of regular expressions, not by luck.</summary>
        private static long? Matches(string text, string pattern, bool ignoreCase, SqliteStoreOptions options) => new Regex(
            pattern,
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : 0),
            options.LongestRead).IsMatch(text) ? 1 : 0;
    }
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Vedette.Storage;

/// <summary>Which database the store is in and how it is run.</summary>
public sealed record PostgresStoreOptions
{
    public required PostgresAddress Address { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>How many queries run at the same time; the others wait.</summary>
    public int Readers { get; init; } = Math.Max(4, Environment.ProcessorCount * 2);

    /// <summary>A query that takes longer is cut off: an old snapshot keeps what was deleted since from being taken away.</summary>
    public TimeSpan LongestRead { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long another server that holds the store is waited for at the start.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs in the writer before each COMMIT: for tests that break the session.</summary>
    public Action<NpgsqlConnection>? BeforeCommit { get; init; }
}

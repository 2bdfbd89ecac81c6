using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Vedette.Storage;

/// <summary>Where the store is and how it is run.</summary>
public sealed record SqliteStoreOptions
{
    public const string DefaultFileName = "vedette.db";

    /// <summary>The data folder: made with mode 0700 when it is not there.</summary>
    public required string Folder { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Name of the database in the folder.</summary>
    public string FileName { get; init; } = DefaultFileName;

    /// <summary>How many queries run at the same time; the others wait.</summary>
    public int Readers { get; init; } = Math.Max(4, Environment.ProcessorCount * 2);

    /// <summary>A query that takes longer is cut off: a long reader keeps the log of the database from being taken up, and it grows.</summary>
    public TimeSpan LongestRead { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes the write-ahead log may have before it is taken into the database.</summary>
    public long CheckpointAt { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long nothing must have been written before the write-ahead log is emptied.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Runs in the writer before each COMMIT: for tests that make the disk fail.</summary>
    public Action<SqliteConnection>? BeforeCommit { get; init; }

    /// <summary>Runs before each sync of the write-ahead log, on the thread that syncs: for tests that make the disk slow or fail.</summary>
    public Action? BeforeSync { get; init; }
}

/// <summary>The store cannot be opened or cannot write; the message says why and what to do.</summary>
public sealed class StoreException : IOException
{
    public StoreException()
    {
    }

    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

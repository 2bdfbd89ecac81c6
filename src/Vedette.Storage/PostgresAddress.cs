using System.Data.Common;
using Npgsql;

namespace Vedette.Storage;

/// <summary>Where a PostgreSQL database is and how it is signed in to. It holds a password, so no text of it leaves but <see cref="ToString"/>.</summary>
public sealed class PostgresAddress
{
    private readonly NpgsqlConnectionStringBuilder _string;

    private PostgresAddress(NpgsqlConnectionStringBuilder built) => _string = built;

    /// <summary>Named in errors; holds no secret.</summary>
    public override string ToString() => $"the PostgreSQL database {_string.Database} on {(OnSocket ? $"the socket in {_string.Host}" : $"{_string.Host}:{_string.Port}")}";

    /// <param name="text">A connection string: <c>Host=…;Database=…;Username=…;Password=…</c>.</param>
    /// <exception cref="StoreException">It cannot be read, or would send a password in the clear; the message holds nothing of it.</exception>
    public static PostgresAddress Parse(string text)
    {
        const string Form = "Write it as Host=db.example;Database=vedette;Username=vedette;Password=…";
        NpgsqlConnectionStringBuilder built;
        try
        {
            built = new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            // What the parser says can hold a piece of the password, where that has a semicolon in it.
            throw new StoreException($"The connection string of the store cannot be read. {Form}; a value with a semicolon in it stands in double quotes.");
        }

        if (string.IsNullOrEmpty(built.Host) || string.IsNullOrEmpty(built.Database) || string.IsNullOrEmpty(built.Username))
            throw new StoreException($"The connection string of the store names no {(string.IsNullOrEmpty(built.Host) ? "Host" : string.IsNullOrEmpty(built.Database) ? "Database" : "Username")}. {Form}.");
        if (built.Host.Contains(',', StringComparison.Ordinal))
            throw new StoreException("The connection string of the store names several hosts. Name one, or an address that leads to whichever is the primary.");
        var address = new PostgresAddress(built);
        if (address.OnSocket || built.Host is "localhost" or "127.0.0.1" or "::1")
            return address;
        // The builder itself answers that it has every key it knows.
        var given = new DbConnectionStringBuilder { ConnectionString = text };
        if (!given.Keys!.Cast<string>().Any(key => key.Replace(" ", "", StringComparison.Ordinal).Equals("sslmode", StringComparison.OrdinalIgnoreCase)))
            built.SslMode = SslMode.VerifyFull;
        return built.SslMode is SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull
            ? address
            : throw new StoreException($"The connection string of the store would let passwords and events travel to {built.Host} in the clear. Leave \"SSL Mode\" out, or set it to VerifyFull, VerifyCA or Require.");
    }

    private bool OnSocket => _string.Host!.StartsWith('/');

    /// <summary>A connection of its own that is open until it is closed, for the one who holds the store.</summary>
    internal NpgsqlConnection Single(string program) => new(new NpgsqlConnectionStringBuilder(_string.ConnectionString)
    {
        ApplicationName = program,
        Pooling = false,
        Timeout = 5,
        CommandTimeout = 60,
        // A network that is gone without a word is found out by asking.
        KeepAlive = 10,
        MaxAutoPrepare = 256,
        AutoPrepareMinUsages = 2,
        Options = With(
            "synchronous_commit=on",
            // A machine that is gone without a word gives the store free within half a minute.
            "tcp_keepalives_idle=10",
            "tcp_keepalives_interval=5",
            "tcp_keepalives_count=3"),
    }.ConnectionString);

    /// <summary>Connections that only read.</summary>
    internal NpgsqlDataSource Readers(string program, int most, TimeSpan longest) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_string.ConnectionString)
    {
        ApplicationName = program,
        Pooling = true,
        MinPoolSize = 0,
        MaxPoolSize = most,
        Timeout = 5,
        CommandTimeout = (int)longest.TotalSeconds + 10,
        MaxAutoPrepare = 128,
        AutoPrepareMinUsages = 2,
        // Nothing is set on them that would have to be set back.
        NoResetOnClose = true,
        Options = With("default_transaction_read_only=on", $"statement_timeout={(long)longest.TotalMilliseconds}"),
    }.ConnectionString);

    private string With(params string[] settings) => string.Join(' ', settings.Select(setting => "-c " + setting).Prepend(_string.Options ?? "")).Trim();
}

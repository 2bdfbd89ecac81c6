using Vedette.Engine;
using Vedette.Engine.Playbooks.Workers;
using IStore = Vedette.Engine.Storage.IStore;
using Vedette.Storage;

namespace Vedette.Server.Hosting;

/// <summary>How a server is set up. Secrets come from the environment or files, never from the command line.</summary>
public sealed record ServerOptions
{
    /// <summary>The data folder; made with mode 0700.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The database the rows are in; null for a file in the data folder.</summary>
    public PostgresAddress? Store { get; init; }

    /// <summary>Where the rows are.</summary>
    public StorePlace Place => new(DataFolder, Store);

    /// <summary>Addresses to listen on, separated by semicolons. Plain http only on loopback, or behind a named proxy.</summary>
    public string Urls { get; init; } = "https://127.0.0.1:8443";

    /// <summary>Addresses of proxies that end TLS in front of this server and whose forwarded headers count.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>Certificate and key as PEM files; reloaded when they change. Without, a self-made one in the data folder.</summary>
    public string? CertificateFile { get; init; }

    public string? CertificateKeyFile { get; init; }

    /// <summary>The address people and playbooks' links reach this server by; null: the first one it listens on.</summary>
    public string? BaseUrl { get; init; }

    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>Folders with further Python packages, readable for workers.</summary>
    public IReadOnlyList<string> PythonPackages { get; init; } = [];

    /// <summary>Measures of the sandbox not to take, by name.</summary>
    public IReadOnlyList<string> SandboxWithout { get; init; } = [];

    /// <summary>Whom Python workers become when the server is root.</summary>
    public int WorkerUid { get; init; } = 64777;

    /// <summary>Python workers alive at one time; null for the default, by processors.</summary>
    public int? Workers { get; init; }

    /// <summary>Turns at one time; null for the default, by processors.</summary>
    public int? TurnsAtOnce { get; init; }

    public TimeSpan TurnDeadline { get; init; } = TurnLimits.Default.Deadline;

    public long TurnMemoryBytes { get; init; } = TurnLimits.Default.MemoryBytes;

    /// <summary>What automation may do before a person has to look.</summary>
    public Caps Caps { get; init; } = new();

    /// <summary>Alerts that may wait until senders are told to come again; 0 for no limit.</summary>
    public long MostWaiting { get; init; } = new BacklogLimits().MostWaiting;

    /// <summary>Bytes that stay free on the disk of the data folder: with less, senders are told to come again.</summary>
    public long LeastDiskFree { get; init; } = new BacklogLimits().LeastDiskFree;

    /// <summary>Folders on this machine under which repositories of playbooks may lie.</summary>
    public IReadOnlyList<string> RepositoryRoots { get; init; } = [];

    /// <summary>How long the other side of a repository has for a pull or push.</summary>
    public TimeSpan PullDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long things are kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>What time it is.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What stands between the engine and its store: nothing but where faults are made on purpose. No setting reaches it.</summary>
    internal Func<IStore, IStore> Around { get; init; } = static store => store;

    /// <summary>The folder of the playbooks that come with the program.</summary>
    public string PlaybookFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "playbooks");

    /// <summary>First credentials; made up when null.</summary>
    public string? AdminPassword { get; init; }

    public string? AutomationToken { get; init; }

    /// <summary>A lab whose stand-ins the assets point at; its playbook is then active. Loopback only.</summary>
    public Uri? Lab { get; init; }

    /// <summary>Minimum level of the log.</summary>
    public string LogLevel { get; init; } = "Information";

    /// <summary>Each line of the log as JSON.</summary>
    public bool LogAsJson { get; init; }

    /// <summary>Whether <c>/metrics</c> answers.</summary>
    public bool Metrics { get; init; }

    /// <summary>The collector that traces and metrics are sent to, by OTLP over HTTP; null for none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Where signed ends of the record go: files, and <c>syslog://host:port</c>.</summary>
    public IReadOnlyList<string> AuditEnds { get; init; } = [];

    public override string ToString() => $"server on {Urls} with data in {DataFolder}";
}

/// <summary>The server cannot be started as it is set up; the message says what is wrong and what to do.</summary>
public sealed class SetupException : Exception
{
    public SetupException()
    {
    }

    public SetupException(string message)
        : base(message)
    {
    }

    public SetupException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

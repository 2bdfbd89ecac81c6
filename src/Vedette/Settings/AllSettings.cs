using System.Globalization;
using Vedette.Server.Hosting;
using Vedette.Storage;

namespace Vedette.Settings;

/// <summary>Every setting of the server; <c>docs/settings.md</c> is made of this table.</summary>
internal static class AllSettings
{
    private const string ByProcessors = "2 for each processor, at least 4";

    public static IReadOnlyList<Setting> Table { get; } =
    [
        new("data", "folder", "Where all that Vedette keeps lies; made with mode 0700",
            (options, value) => options with { DataFolder = Path.GetFullPath(value[0]) }, options => options.DataFolder)
        { Placeholder = "DIR", DefaultInWords = "$XDG_DATA_HOME/vedette, else ~/.local/share/vedette" },
        new("store", "connection string of PostgreSQL", "The database that the rows are in, as `Host=…;Database=…;Username=…;Password=…`; see docs/operations.md",
            (options, value) => options with { Store = Address(value[0]) }, options => options.Store?.ToString() ?? "")
        { Secret = true, DefaultInWords = "a file in the data folder" },
        new("urls", "addresses, separated by semicolons", "Where the server listens; plain http on loopback only, or behind a named proxy",
            (options, value) => options with { Urls = value[0] }, options => options.Urls) { Placeholder = "URLS" },
        new("base_url", "address", "How people reach this server; for links in notes and tickets",
            (options, value) => options with { BaseUrl = Setting.Address(value[0]).ToString().TrimEnd('/') }, options => options.BaseUrl ?? "")
        { Placeholder = "URL", DefaultInWords = "the first of urls" },
        new("proxy", "IP addresses", "Proxies that end TLS in front of this server; only their X-Forwarded headers count",
            (options, value) => options with { Proxies = value }, options => string.Join(", ", options.Proxies)) { Placeholder = "ADDRESS", Many = true, DefaultInWords = "none" },
        new("certificate", "PEM file", "Certificate of the server and what stands between it and its root; read again when it changes",
            (options, value) => options with { CertificateFile = Path.GetFullPath(value[0]) }, options => options.CertificateFile ?? "")
        { Placeholder = "FILE", DefaultInWords = "self-made at the first start, in the data folder" },
        new("certificate_key", "PEM file", "Key of the certificate; read again when it changes",
            (options, value) => options with { CertificateKeyFile = Path.GetFullPath(value[0]) }, options => options.CertificateKeyFile ?? "")
        { Placeholder = "FILE", DefaultInWords = "in the file of the certificate" },
        new("python", "path", "The interpreter of playbooks, 3.9 or newer",
            (options, value) => options with { Python = value[0] }, options => options.Python) { Placeholder = "PATH" },
        new("python_packages", "folders", "Folders with further Python packages that playbooks may import",
            (options, value) => options with { PythonPackages = [.. value.Select(Path.GetFullPath)] }, options => string.Join(", ", options.PythonPackages)) { Placeholder = "DIR", Many = true, DefaultInWords = "none" },
        new("workers", "Python processes", "How many Python workers live at one time; one more reads playbooks that are brought in",
            (options, value) => options with { Workers = Setting.Whole(value[0], 1, 1024) }, options => Number(options.Workers)) { Placeholder = "N", DefaultInWords = ByProcessors },
        new("worker_uid", "number of a user", "Whom Python workers become when the server is started as root",
            (options, value) => options with { WorkerUid = Setting.Whole(value[0], 1, int.MaxValue) }, options => Number(options.WorkerUid)) { Placeholder = "UID" },
        new("sandbox_without", "names of measures: landlock, namespaces, user, seccomp …", "Measures of the sandbox not to take; if then anything is possible, no playbook runs until the level is accepted by name",
            (options, value) => options with { SandboxWithout = value }, options => string.Join(", ", options.SandboxWithout)) { Placeholder = "MEASURE", Many = true, DefaultInWords = "none" },
        new("repository_root", "folders", "Folders on this machine under which repositories of playbooks may lie",
            (options, value) => options with { RepositoryRoots = [.. value.Select(Path.GetFullPath)] }, options => string.Join(", ", options.RepositoryRoots)) { Placeholder = "DIR", Many = true, DefaultInWords = "none" },
        new("pull_deadline", "seconds", "How long the other side of a repository has for one pull or push; then it is given up, and the last state goes on",
            (options, value) => options with { PullDeadline = TimeSpan.FromSeconds(Setting.Whole(value[0], 1, 3600)) }, options => Number((int)options.PullDeadline.TotalSeconds)) { Placeholder = "SECONDS" },
        new("turns_at_once", "turns", "How many turns of playbooks run at one time",
            (options, value) => options with { TurnsAtOnce = Setting.Whole(value[0], 1, 1024) }, options => Number(options.TurnsAtOnce)) { Placeholder = "N", DefaultInWords = "1 for each processor, at least 2" },
        new("turn_deadline", "seconds", "How long one turn of a playbook may take; then its worker is killed and the run fails",
            (options, value) => options with { TurnDeadline = TimeSpan.FromSeconds(Setting.Whole(value[0], 1, 3600)) }, options => Number((int)options.TurnDeadline.TotalSeconds)) { Placeholder = "SECONDS" },
        new("turn_memory", "megabytes", "How much memory one turn may take beyond the interpreter's own",
            (options, value) => options with { TurnMemoryBytes = (long)Setting.Whole(value[0], 16, 65536) << 20 }, options => Number((int)(options.TurnMemoryBytes >> 20))) { Placeholder = "MB" },
        new("most_actions_per_run", "actions", "How many actions, look-ups too, one run of a playbook may ask for, and playbooks it may start; one more is refused",
            (options, value) => options with { Caps = options.Caps with { ActionsPerRun = Setting.Whole(value[0], 1, int.MaxValue) } }, options => Number((int)options.Caps.ActionsPerRun)) { Placeholder = "N" },
        new("most_writes_per_run", "actions", "How many actions that write on other systems one run of a playbook and those it started may begin; one more is refused",
            (options, value) => options with { Caps = options.Caps with { WritesPerRun = Setting.Whole(value[0], 0, int.MaxValue) } }, options => Number((int)options.Caps.WritesPerRun)) { Placeholder = "N" },
        new("most_changes_per_hour", "actions", "How many actions that change other systems, records left out, may be started within any hour; one more is refused",
            (options, value) => options with { Caps = options.Caps with { ChangesPerHour = Setting.Whole(value[0], 0, int.MaxValue) } }, options => Number((int)options.Caps.ChangesPerHour)) { Placeholder = "N" },
        new("most_turns_per_run", "turns", "How many turns one run of a playbook may have, custom functions counted; with one more it fails",
            (options, value) => options with { Caps = options.Caps with { TurnsPerRun = Setting.Whole(value[0], 1, int.MaxValue) } }, options => Number((int)options.Caps.TurnsPerRun)) { Placeholder = "N" },
        new("most_waiting", "alerts", "How many alerts may wait for their playbooks to start; with more, senders get 503 and come again; 0 for no limit",
            (options, value) => options with { MostWaiting = Setting.Whole(value[0], 0, int.MaxValue) }, options => Number((int)options.MostWaiting)) { Placeholder = "N" },
        new("least_disk_free", "megabytes", "How much of the disk of the data folder stays free; with less, senders of alerts get 503 and come again",
            (options, value) => options with { LeastDiskFree = (long)Setting.Whole(value[0], 0, int.MaxValue) << 20 }, options => Number((int)(options.LeastDiskFree >> 20))) { Placeholder = "MB" },
        new("keep_days", "days", "How long closed events are kept, and on open ones what runs did; see docs/operations.md",
            (options, value) => options with { Retention = options.Retention with { Keep = Days(value[0]) } }, options => Number(options.Retention.Keep?.Days)) { Placeholder = "DAYS", DefaultInWords = "for ever" },
        new("keep_record_days", "days", "How long the contents of the record (the audit trail) are kept; its rows stay, and can be verified",
            (options, value) => options with { Retention = options.Retention with { KeepRecord = Days(value[0]) } }, options => Number(options.Retention.KeepRecord?.Days)) { Placeholder = "DAYS", DefaultInWords = "for ever" },
        new("audit_ends", "files, or syslog://host:port", "Where signed ends of the record go, so that a record that was cut off or written anew is found; see docs/security.md",
            (options, value) => options with { AuditEnds = [.. value.Select(AuditEnd)] }, options => string.Join(", ", options.AuditEnds)) { Placeholder = "PLACE", Many = true, DefaultInWords = "nowhere" },
        new("log_level", "Trace, Debug, Information, Warning or Error", "The least that is logged",
            (options, value) => options with { LogLevel = Setting.OneOf(value[0], "Trace", "Debug", "Information", "Warning", "Error") }, options => options.LogLevel) { Placeholder = "LEVEL" },
        new("log_format", "text or json", "How a line of the log is written: for people, or an object for programs",
            (options, value) => options with { LogAsJson = Setting.OneOf(value[0], "text", "json") == "json" }, options => options.LogAsJson ? "json" : "text") { Placeholder = "FORMAT" },
        new("metrics", "on or off", "Whether `/metrics` answers, for Prometheus; it needs a sign-in, see docs/operations.md",
            (options, value) => options with { Metrics = Setting.OneOf(value[0], "on", "off") == "on" }, options => options.Metrics ? "on" : "off") { Placeholder = "ON" },
        new("otlp", "address", "A collector that traces and metrics are sent to by OTLP over HTTP, such as http://127.0.0.1:4318; https, or plain http on loopback only",
            (options, value) => options with { Otlp = Collector(value[0]) }, options => options.Otlp?.ToString() ?? "") { Placeholder = "URL", DefaultInWords = "none" },
        new("lab", "address on loopback", "A lab (vedette lab) to point the assets at, for trials and load tests; its playbook is then active",
            (options, value) => options with { Lab = Setting.Address(value[0]) }, options => options.Lab?.ToString() ?? "") { Placeholder = "URL", DefaultInWords = "none" },
    ];

    public static string DefaultDataFolder { get; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "vedette");

    public static Setting? Find(string key) => Table.FirstOrDefault(setting => setting.Key == key);

    private static PostgresAddress Address(string text)
    {
        try
        {
            return PostgresAddress.Parse(text);
        }
        catch (StoreException exception)
        {
            throw new FormatException($"cannot be used. {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static string AuditEnd(string text) => text.StartsWith("syslog://", StringComparison.Ordinal)
        ? Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0 ? text : throw new FormatException($"has to be like syslog://log.example:514, not \"{text}\"")
        : Path.GetFullPath(text);

    /// <summary>What goes there is in the clear for whoever sits between, so not beyond this machine.</summary>
    private static Uri Collector(string text) => Setting.Address(text) is { } address && (address.Scheme == "https" || address.IsLoopback)
        ? address
        : throw new FormatException($"has to be https, or on loopback, not \"{text}\"");

    private static TimeSpan Days(string text) => TimeSpan.FromDays(Setting.Whole(text, 1, 36_500));

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}

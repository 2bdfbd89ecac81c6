using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vedette.Connectors;
using Vedette.Console;
using Vedette.Console.FirstRun;
using Vedette.Engine;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Apps;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Repositories;
using Vedette.Engine.Storage;
using Vedette.Sdk;
using Vedette.Server.Rest;
using Vedette.Storage;
using Vedette.Storage.Writing;
using Vedette.WayOut;

namespace Vedette.Server.Hosting;

/// <summary>A running server: store, engine, workers and REST put together.</summary>
public sealed class VedetteServer : IAsyncDisposable
{
    /// <summary>SIGXFSZ, which .NET has no name for.</summary>
    private const int FileSizeExceeded = 25;

    private static PosixSignalRegistration? _fileLimit;

    private readonly WebApplication _app;
    private readonly OneWriterStore _store;
    private readonly ServerOptions _options;

    private VedetteServer(WebApplication app, OneWriterStore store, ServerOptions options, FirstStart first, ServerCertificates? certificates)
    {
        (_app, _store, _options) = (app, store, options);
        MadeUpPassword = first.MadeUpPassword;
        Fingerprint = certificates is { SelfMade: true } ? certificates.Fingerprint : null;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Url = new Uri(addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal));
    }

    /// <summary>The first address it listens on.</summary>
    public Uri Url { get; }

    /// <summary>The password made up for the user admin at the first start; told once, to a terminal or a private file.</summary>
    public string? MadeUpPassword { get; }

    /// <summary>SHA-256 of the self-made certificate, or null when the operator gave one or nothing speaks TLS.</summary>
    public string? Fingerprint { get; }

    /// <summary>What keeps playbooks in, as a person is told.</summary>
    public string SandboxSentence => Words(_app.Services.GetRequiredService<IPlaybookWorkers>());

    /// <summary>Said when the stop switch is on, else null.</summary>
    public string? StopSentence => StopWords(_app.Services.GetRequiredService<IActions>());

    public IStore Store => _store;

    /// <summary>Every route that answers under <c>/rest</c>.</summary>
    internal RouteTable Routes => _app.Services.GetRequiredService<RouteTable>();

    /// <exception cref="SetupException">Something of the set-up is wrong; the message says what to do.</exception>
    public static async Task<VedetteServer> Start(ServerOptions options, CancellationToken ct = default)
    {
        var listen = ListenAddresses.Parse(options);
        GoOnPastFileLimit();
        var logs = LoggerFactory.Create(logging => Logging(logging, options));
        OneWriterStore store;
        try
        {
            store = await options.Place.Open(logs.CreateLogger("Vedette.Storage"), ct: ct);
        }
        catch (StoreException exception)
        {
            throw new SetupException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The data folder {options.DataFolder} cannot be used: {exception.Message} Name another with --data, or let this user write there.", exception);
        }

        WebApplication? app = null;
        try
        {
            // Read now: files that cannot be used are told at the start, not to the first who connects.
            var certificates = listen.Any(one => one.Tls) ? ServerCertificates.Read(options, TimeProvider.System, logs.CreateLogger<ServerCertificates>()) : null;
            await FileSecretKeys.RefuseWhereLost(options.DataFolder, store, ct);
            app = Build(options, listen, store, certificates);
            var first = await Prepare(app.Services, options, ct);
            try
            {
                await app.StartAsync(ct);
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                var why = exception.InnerException is AddressInUseException ? "the port is taken" : exception.Message.TrimEnd('.');
                throw new SetupException($"The server cannot listen on {options.Urls}: {why}; choose another address with --urls, or end what holds this one.", exception);
            }

            var server = new VedetteServer(app, store, options, first, certificates);
            app.Services.GetRequiredService<EngineOptions>().BaseUrl = options.BaseUrl?.TrimEnd('/') ?? server.Url.GetLeftPart(UriPartial.Authority);
            await app.Services.GetRequiredService<EngineStart>().TakeUp();
            app.Services.GetRequiredService<Readiness>().TakenUp();
            new RunningServer(server.Url, Environment.ProcessId).Write(options.DataFolder);
            return server;
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            await store.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdown(CancellationToken ct = default) => _app.WaitForShutdownAsync(ct);

    public async ValueTask DisposeAsync()
    {
        RunningServer.Forget(_options.DataFolder);
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static WebApplication Build(ServerOptions options, IReadOnlyList<(IPAddress Address, int Port, bool Tls)> listen, OneWriterStore store, ServerCertificates? certificates)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Vedette.Server", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        Logging(builder.Logging, options);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var (address, port, tls) in listen)
            {
                kestrel.Listen(address, port, endpoint =>
                {
                    if (tls)
                    {
                        endpoint.UseHttps(new TlsHandshakeCallbackOptions
                        {
                            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificates!.Current }),
                        });
                    }
                });
            }
        });
        builder.Services.AddVedette(options, store).AddTelemetry(options).AddConsole().AddSingleton<ISelfCheck, DoctorCheck>().AddHostedService<EndsOfTheRecord>();
        var app = builder.Build();
        if (options.Proxies.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost };
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in options.Proxies)
            {
                forwarded.KnownProxies.Add(ListenAddresses.Proxy(proxy));
            }

            app.UseForwardedHeaders(forwarded);
        }

        app.UseHealth();
        app.UseMetrics(options);
        app.UseConsole();
        app.MapRest();
        app.MapConsole();
        return app;
    }

    /// <summary>What has to be there before the first request: credentials, apps, playbooks, the sandbox tried out.</summary>
    private static async Task<FirstStart> Prepare(IServiceProvider services, ServerOptions options, CancellationToken ct)
    {
        var store = services.GetRequiredService<IStore>();
        var access = services.GetRequiredService<IAccess>();
        var workers = services.GetRequiredService<IPlaybookWorkers>();
        var sandbox = workers.Start(ct);
        var first = Value(await Units.Decide(store, async unit => await FirstStart(unit), ct));
        var apps = services.GetRequiredService<IApps>();
        Value(await Units.Decide(store, async unit => await apps.Register(unit, Caller.Platform, BuiltInConnectors.All(), ct), ct));
        await services.GetRequiredService<IPlaybooks>().TakeUpAcceptance();
        var report = await sandbox;
        if (report.PythonFault is { } pythonFault)
        {
            throw new SetupException(pythonFault);
        }

        if (!report.Holds)
        {
            services.GetRequiredService<ILogger<VedetteServer>>().Log(workers.MayRun ? LogLevel.Warning : LogLevel.Error, "{Sentence}", Words(workers));
        }

        if (workers.MayRun)
        {
            await services.GetRequiredService<BundledContent>().BringIfNew(ct);
        }

        Value(await services.GetRequiredService<IRepositories>().Begin(ct));
        if (options.Lab is { } lab)
        {
            await services.GetRequiredService<LabAssets>().Set(lab, ct);
        }

        return first;

        // A first password that was made up and never told would lock everybody out: nothing is seeded where the start will be refused.
        async ValueTask<Model.Outcome<FirstStart>> FirstStart(Unit unit)
        {
            var outcome = await access.FirstStart(unit, options.AdminPassword, options.AutomationToken, ct);
            return outcome.Ok(out var made, out _) && made.Seeded && (await sandbox).PythonFault is { } fault
                ? new Model.Refusal(Model.RefusalKind.Unavailable, "no_python", fault)
                : outcome;
        }
    }

    private static string Words(IPlaybookWorkers workers) => SandboxWords.Of(workers.Sandbox, workers.AcceptedLevel);

    private static string? StopWords(IActions actions) => actions.Stopped
        ? $"The stop switch is on: no action leaves ({(actions.StopReason.Length > 0 ? actions.StopReason : "no reason given")}). To go on: vedette resume"
        : null;

    private static T Value<T>(Model.Outcome<T> outcome) => outcome.Ok(out var value, out var refusal) ? value : throw new SetupException(refusal.Message);

    /// <summary>
    /// A file that would grow past what the operating system lets this process write (ulimit -f) is a write that fails, as on a full disk,
    /// and not the end of the server, which is what the signal does by itself.
    /// </summary>
    private static void GoOnPastFileLimit() =>
        _fileLimit ??= PosixSignalRegistration.Create((PosixSignal)FileSizeExceeded, static signal => signal.Cancel = true);

    private static void Logging(ILoggingBuilder logging, ServerOptions options)
    {
        logging
            .SetMinimumLevel(Enum.TryParse<LogLevel>(options.LogLevel, ignoreCase: true, out var level) ? level : LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            // What keeps the host from starting is thrown as well, and told in a sentence instead of a stack.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (options.LogAsJson)
        {
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            });
        }
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vedette.Connectors;
using Vedette.Engine;
using Vedette.Engine.Access;
using Vedette.Engine.Apps;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Sdk;
using Vedette.Server.Rest;
using Vedette.Storage;
using Vedette.WayOut;
using Vedette.Workers;
using Path = System.IO.Path;

namespace Vedette.Server.Hosting;

/// <summary>A running server: store, engine, workers and REST put together.</summary>
public sealed class VedetteServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SqliteStore _store;

    private VedetteServer(WebApplication app, SqliteStore store, FirstStart first, ServerCertificates certificates)
    {
        (_app, _store) = (app, store);
        MadeUpPassword = first.MadeUpPassword;
        Fingerprint = certificates.SelfMade ? certificates.Fingerprint : null;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Url = new Uri(addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal));
    }

    /// <summary>The first address it listens on.</summary>
    public Uri Url { get; }

    /// <summary>The password made up for the user admin at the first start; told once, to a terminal or a private file.</summary>
    public string? MadeUpPassword { get; }

    /// <summary>SHA-256 of the self-made certificate, or null when the operator gave one.</summary>
    public string? Fingerprint { get; }

    public SandboxReport Sandbox => _app.Services.GetRequiredService<IPlaybookWorkers>().Sandbox;

    public IStore Store => _store;

    /// <exception cref="SetupException">Something of the set-up is wrong; the message says what to do.</exception>
    public static async Task<VedetteServer> Start(ServerOptions options, CancellationToken ct = default)
    {
        var listen = ListenAddresses.Parse(options);
        CheckPython(options.Python);
        var logs = LoggerFactory.Create(logging => Logging(logging, options));
        SqliteStore store;
        try
        {
            store = await SqliteStore.Open(new SqliteStoreOptions { Folder = options.DataFolder, Logger = logs.CreateLogger<SqliteStore>() }, ct);
        }
        catch (StoreException exception)
        {
            throw new SetupException(exception.Message, exception);
        }

        WebApplication? app = null;
        try
        {
            var certificates = new ServerCertificates(options, TimeProvider.System);
            app = Build(options, listen, store, certificates);
            var first = await Prepare(app.Services, options, ct);
            try
            {
                await app.StartAsync(ct);
            }
            catch (IOException exception)
            {
                throw new SetupException($"The server cannot listen on {options.Urls}: {exception.Message} Choose another port with --urls, or end what holds this one.", exception);
            }

            var server = new VedetteServer(app, store, first, certificates);
            app.Services.GetRequiredService<EngineOptions>().BaseUrl = server.Url.GetLeftPart(UriPartial.Authority);
            await app.Services.GetRequiredService<EngineStart>().TakeUp();
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
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static WebApplication Build(ServerOptions options, IReadOnlyList<(IPAddress Address, int Port, bool Tls)> listen, SqliteStore store, ServerCertificates certificates)
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
                        endpoint.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificates.Current);
                    }
                });
            }
        });
        builder.Services
            .AddSingleton<IStore>(store)
            .AddSingleton(options)
            .AddSingleton(new EngineOptions())
            .AddSingleton<ISecretKeys>(FileSecretKeys.Open(options.DataFolder))
            .AddSingleton<IWayOutFactory>(_ => new WayOutFactory(new WayOutOptions { OwnPorts = [.. listen.Select(one => one.Port)] }))
            .AddSingleton<IPlaybookWorkers>(_ => new PythonWorkers(new WorkerOptions
            {
                Python = options.Python,
                Canary = Path.Combine(options.DataFolder, "vedette.db"),
            }))
            .AddSingleton<BundledContent>()
            .AddSingleton<LabAssets>()
            .AddEngine()
            .AddRest();
        var app = builder.Build();
        if (options.Proxies.Count > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost };
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in options.Proxies)
            {
                forwarded.KnownProxies.Add(IPAddress.TryParse(proxy, out var address) ? address : throw new SetupException($"\"{proxy}\" is not the address of a proxy."));
            }

            app.UseForwardedHeaders(forwarded);
        }

        app.MapRest();
        return app;
    }

    /// <summary>What has to be there before the first request: credentials, apps, playbooks, the sandbox tried out.</summary>
    private static async Task<FirstStart> Prepare(IServiceProvider services, ServerOptions options, CancellationToken ct)
    {
        var store = services.GetRequiredService<IStore>();
        var access = services.GetRequiredService<IAccess>();
        var sandbox = services.GetRequiredService<IPlaybookWorkers>().Start(ct);
        var first = Value(await Units.Decide(store, async unit => await access.FirstStart(unit, options.AdminPassword, options.AutomationToken, ct), ct));
        var apps = services.GetRequiredService<IApps>();
        Value(await Units.Decide(store, async unit => await apps.Register(unit, Caller.Platform, BuiltInConnectors.All(), ct), ct));
        var report = await sandbox;
        var bringFor = options.Lab is not null || await store.Count<PlaybookRow>(Where.All, ct) == 0;
        if (!report.Holds)
        {
            services.GetRequiredService<ILogger<VedetteServer>>().LogError("No playbook runs: {Sentence}", report.Sentence);
        }
        else if (bringFor)
        {
            await services.GetRequiredService<BundledContent>().Bring(activate: options.Lab is not null);
        }

        if (options.Lab is { } lab)
        {
            await services.GetRequiredService<LabAssets>().Set(lab, ct);
        }

        return first;
    }

    private static T Value<T>(Model.Outcome<T> outcome) => outcome.Ok(out var value, out var refusal) ? value : throw new SetupException(refusal.Message);

    private static void CheckPython(string python)
    {
        if (!File.Exists(python))
        {
            throw new SetupException($"There is no Python at {python}. Playbooks need Python 3.9 or newer: install it (Debian, Ubuntu: sudo apt-get install python3), or name another with --python.");
        }
    }

    private static void Logging(ILoggingBuilder logging, ServerOptions options) => logging
        .SetMinimumLevel(Enum.TryParse<LogLevel>(options.LogLevel, ignoreCase: true, out var level) ? level : LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
        });
}

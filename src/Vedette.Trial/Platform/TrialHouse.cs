using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine;
using Vedette.Engine.Access;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;
using Vedette.Server.Hosting;
using Vedette.Storage;
using Vedette.Trial.Answers;
using Vedette.Trial.Cases;
using Vedette.Trial.Reports;
using Vedette.Workers;

namespace Vedette.Trial.Platform;

/// <summary>
/// What all cases share: one zygote, and a store as a first start leaves it, of which each case gets a copy of its own. Stores lie in memory
/// where the system has a folder there.
/// </summary>
public sealed class TrialHouse : IAsyncDisposable
{
    private readonly string _folder;
    private readonly PythonWorkers _workers;
    private int _cases;

    private TrialHouse(string folder, PythonWorkers workers) => (_folder, _workers) = (folder, workers);

    /// <exception cref="SetupException">Python cannot be used, or the sandbox does not hold.</exception>
    public static async Task<TrialHouse> Open(WorkerOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        const string memory = "/dev/shm";
        var above = Directory.Exists(memory) ? memory : FilePath.GetTempPath();
        var folder = FilePath.Combine(above, $"vedette-trial-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var house = new TrialHouse(folder, new PythonWorkers(options));
        try
        {
            var sandbox = await house._workers.Start(ct);
            if (sandbox.PythonFault is { } fault)
            {
                throw new SetupException(fault);
            }

            if (!sandbox.Holds)
            {
                throw new SetupException($"No playbook is tried: the sandbox is at the level \"{sandbox.Level}\". {sandbox.Sentence} Look with: vedette doctor");
            }

            await house.MakeTemplate(ct);
            return house;
        }
        catch
        {
            await house.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tries one case on a platform of its own.</summary>
    public async Task<CaseReport> Try(PlaybookFile file, TestCase test, CancellationToken ct)
    {
        var folder = FilePath.Combine(_folder, $"case-{Interlocked.Increment(ref _cases)}");
        Directory.CreateDirectory(folder);
        foreach (var from in Directory.EnumerateFiles(Template))
        {
            File.Copy(from, FilePath.Combine(folder, FilePath.GetFileName(from)));
        }

        try
        {
            await using var store = await SqliteStore.Open(new SqliteStoreOptions { Folder = folder }, ct);
            await using var platform = new TrialPlatform(this, store, folder, file, test);
            return await platform.Try(ct);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _workers.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal async Task<PlaybookFacts> Facts(PlaybookFile file, bool python2, CancellationToken ct) =>
        new(await _workers.Examine($"{file.Name}.py", file.Source, python2, ct));

    /// <summary>The engine on a store, with nothing that leads out.</summary>
    internal ServiceProvider Services(IStore store, string folder, SimulatedClock clock, Func<IServiceProvider, WatchedWorkers>? watched = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock)
            .AddVedette(new ServerOptions { DataFolder = folder, BaseUrl = "https://vedette.example" }, store, [])
            .AddSingleton<Sdk.IWayOutFactory, NoWayOut>();
        services.AddSingleton<Engine.Playbooks.Workers.IPlaybookWorkers>(provider => watched is null ? new Borrowed(_workers) : watched(provider));
        services.AddSingleton(new EngineOptions { BaseUrl = "https://vedette.example", Turn = Engine.Playbooks.Workers.TurnLimits.Default with { Deadline = TimeSpan.FromSeconds(20) } });
        return services.BuildServiceProvider();
    }

    internal PythonWorkers Workers => _workers;

    private string Template => FilePath.Combine(_folder, "template");

    private async Task MakeTemplate(CancellationToken ct)
    {
        Directory.CreateDirectory(Template);
        await using (var store = await SqliteStore.Open(new SqliteStoreOptions { Folder = Template }, ct))
        {
            await using var services = Services(store, Template, new SimulatedClock(DateTimeOffset.UtcNow));
            var first = await Units.Decide(store, async unit => await services.GetRequiredService<IAccess>().FirstStart(unit, Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)), null, ct), ct);
            if (first.Refused)
            {
                throw new SetupException($"The trial platform could not be set up: {first.Refusal.Message}");
            }

            var record = new TrialRecord("");
            var book = new AnswerBook(new TestCase { Name = "" }, new Dictionary<string, IReadOnlyList<string>>());
            using var apps = new TrialApps(store, services.GetRequiredService<IApps>(), manifest => new AnsweringConnector(manifest, store, book, record, [], new Stir()));
            await apps.Register();
            await apps.MakeAssets();
            await services.GetRequiredService<EngineStart>().TakeUp();
        }

        // What the closed store leaves beside its database belongs to the one that was open.
        foreach (var file in Directory.EnumerateFiles(Template).Where(file => file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Delete(file);
        }
    }

    /// <summary>The workers of the house, for a while: they end with it.</summary>
    private sealed class Borrowed(PythonWorkers workers) : Engine.Playbooks.Workers.IPlaybookWorkers
    {
        public Engine.Playbooks.Workers.SandboxReport Sandbox => workers.Sandbox;

        public string? AcceptedLevel { get => workers.AcceptedLevel; set => workers.AcceptedLevel = value; }

        public Task<Engine.Playbooks.Workers.SandboxReport> Start(CancellationToken cancellation) => workers.Start(cancellation);

        public Task<Engine.Playbooks.Workers.TurnEnd> Run(Engine.Playbooks.Workers.TurnOrder order, Engine.Playbooks.Workers.ITurnCalls calls, CancellationToken cancellation) => workers.Run(order, calls, cancellation);

        public Task<Engine.Playbooks.Workers.SourceCheck> Check(string name, ReadOnlyMemory<byte> source, bool python2Layer, CancellationToken cancellation) => workers.Check(name, source, python2Layer, cancellation);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

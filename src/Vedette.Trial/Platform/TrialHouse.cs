using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine;
using Vedette.Engine.Access;
using Vedette.Engine.Apps;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Repositories;
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
    private readonly ConcurrentDictionary<(string Name, string Hash, bool Python2), (SourceCheck Check, PlaybookFacts Facts)> _read = new();
    private readonly SemaphoreSlim _furnishing = new(1, 1);
    private bool _furnished;
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
        await Furnish(ct);
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
        _furnishing.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal async Task<PlaybookFacts> Facts(PlaybookFile file, CancellationToken ct) => (await Read($"{file.Name}.py", file.Source, file.Python2, ct)).Facts;

    internal async Task<SourceCheck> Check(string name, ReadOnlyMemory<byte> source, bool python2, CancellationToken ct) => (await Read(name, source, python2, ct)).Check;

    /// <summary>Read once for each source: the import, and all its cases ask.</summary>
    private async Task<(SourceCheck Check, PlaybookFacts Facts)> Read(string name, ReadOnlyMemory<byte> source, bool python2, CancellationToken ct)
    {
        var key = (name, Convert.ToHexStringLower(SHA256.HashData(source.Span)), python2);
        if (_read.TryGetValue(key, out var known))
        {
            return known;
        }

        var (check, facts) = await _workers.Examine(name, source, python2, ct);
        return _read[key] = (check, new PlaybookFacts(facts));
    }

    /// <summary>The engine on a store, with nothing that leads out.</summary>
    internal ServiceProvider Services(IStore store, string folder, SimulatedClock clock, Func<IServiceProvider, WatchedWorkers>? watched = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock)
            .AddVedette(new ServerOptions { DataFolder = folder, BaseUrl = "https://vedette.example" }, store)
            .AddSingleton<Sdk.IWayOutFactory, NoWayOut>();
        services.AddSingleton<IPlaybookWorkers>(provider => watched?.Invoke(provider) ?? new WatchedWorkers(this, new TrialRecord(""), (_, _) => Task.CompletedTask, clock, new Stir()));
        services.AddSingleton<ISourceExaminer>(_workers);
        services.AddSingleton(new EngineOptions { BaseUrl = "https://vedette.example", IndicatorsAfter = TimeSpan.Zero, Turn = TurnLimits.Default with { Deadline = TimeSpan.FromSeconds(20) } });
        return services.BuildServiceProvider();
    }

    internal PythonWorkers Workers => _workers;

    private string Template => FilePath.Combine(_folder, "template");

    /// <summary>Installations of the field have these two beside the three of the first start, and playbooks set them.</summary>
    private static Unit FurtherSeverities(IStore store)
    {
        var unit = new Unit();
        foreach (var (position, name) in new[] { (-1, "critical"), (99, "informational") })
        {
            unit.Insert(new SeverityRow { Id = store.NextId<SeverityRow>(), Name = name, Color = "#808080", Position = position });
        }

        return unit;
    }

    /// <summary>Makes the template before the first case.</summary>
    private async Task Furnish(CancellationToken ct)
    {
        await _furnishing.WaitAsync(ct);
        try
        {
            if (!_furnished)
            {
                await MakeTemplate(ct);
                _furnished = true;
            }
        }
        finally
        {
            _furnishing.Release();
        }
    }

    private async Task MakeTemplate(CancellationToken ct)
    {
        Directory.CreateDirectory(Template);
        await using (var store = await SqliteStore.Open(new SqliteStoreOptions { Folder = Template }, ct))
        {
            await using var services = Services(store, Template, new SimulatedClock(DateTimeOffset.UtcNow));
            var first = await Units.Decide(store, async unit => await services.GetRequiredService<IAccess>().FirstStart(unit, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), null, ct), ct);
            if (first.Refused)
            {
                throw new SetupException($"The trial platform could not be set up: {first.Refusal.Message}");
            }

            await store.Commit(FurtherSeverities(store), ct);
            var record = new TrialRecord("");
            var book = new AnswerBook(new TestCase { Name = "" }, new Dictionary<string, IReadOnlyList<string>>());
            using var apps = new TrialApps(store, services.GetRequiredService<IApps>(), manifest => new AnsweringConnector(manifest, store, book, record, [], new Stir()));
            await apps.Register();
            await apps.MakeAssets();
            var repositories = await services.GetRequiredService<IRepositories>().Begin(ct);
            if (repositories.Refused)
            {
                throw new SetupException($"The trial platform could not be set up: {repositories.Refusal.Message}");
            }

            await services.GetRequiredService<EngineStart>().TakeUp();
        }

        // What the closed store leaves beside its database belongs to the one that was open.
        foreach (var file in Directory.EnumerateFiles(Template).Where(file => file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Delete(file);
        }
    }
}

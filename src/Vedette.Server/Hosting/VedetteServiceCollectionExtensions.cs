using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vedette.Engine;
using Vedette.Engine.Apps;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Repositories;
using Vedette.Engine.Storage;
using Vedette.Engine.Vault;
using Vedette.Git;
using Vedette.Sdk;
using Vedette.Server.Rest;
using Vedette.Storage;
using Vedette.WayOut;
using Path = System.IO.Path;

namespace Vedette.Server.Hosting;

internal static class VedetteServiceCollectionExtensions
{
    /// <summary>The engine with all that it is given by its host.</summary>
    public static IServiceCollection AddVedette(this IServiceCollection services, ServerOptions options, IStore store) => Timed(services, options)
        .AddSingleton<IStore>(services => new ToldStore(options.Around(store), services.GetRequiredService<Changes>()))
        .AddSingleton(options)
        .AddSingleton(EngineOptionsOf(options))
        .AddSingleton<IVaultFiles>(new VaultFolder(Path.Combine(options.DataFolder, VaultFolder.InDataFolder)))
        .AddSingleton<ISecretKeys>(FileSecretKeys.Open(options.DataFolder))
        .AddSingleton<IWayOutFactory>(services => new WayOutFactory(new WayOutOptions { OwnPorts = () => PortsOf(services.GetService<IServer>()) }))
        .AddSingleton<IGit>(new GitFolders(new GitOptions { Folder = Path.Combine(options.DataFolder, GitFolders.InDataFolder), Roots = options.RepositoryRoots, Deadline = options.PullDeadline }))
        .AddSingleton<IPlaybookWorkers>(_ => WorkersOfServer.Make(options))
        .AddSingleton(services => (ISourceExaminer)services.GetRequiredService<IPlaybookWorkers>())
        .AddSingleton<BundledContent>()
        .AddSingleton<LabAssets>()
        .AddSingleton<Readiness>()
        .AddSingleton<Health>()
        .AddEngine()
        .AddRest();

    private static IServiceCollection Timed(IServiceCollection services, ServerOptions options)
    {
        services.TryAddSingleton(options.Time);
        return services;
    }

    /// <summary>Those it really listens on: where none was chosen before the start, the operating system chose.</summary>
    private static IReadOnlyCollection<int> PortsOf(IServer? server) =>
        server?.Features.Get<IServerAddressesFeature>() is { } listening ? [.. listening.Addresses.Select(address => BindingAddress.Parse(address).Port)] : [];

    private static EngineOptions EngineOptionsOf(ServerOptions options)
    {
        var disk = new DriveInfo(options.DataFolder);
        var engine = new EngineOptions
        {
            Caps = options.Caps,
            Backlog = new BacklogLimits { MostWaiting = options.MostWaiting, LeastDiskFree = options.LeastDiskFree, DiskFree = () => disk.AvailableFreeSpace },
            Retention = options.Retention,
            Turn = TurnLimits.Default with { Deadline = options.TurnDeadline, MemoryBytes = options.TurnMemoryBytes },
        };
        return options.TurnsAtOnce is { } turns ? engine with { TurnsAtOnce = turns } : engine;
    }
}

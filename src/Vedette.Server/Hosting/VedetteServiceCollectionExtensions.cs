using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine;
using Vedette.Engine.Apps;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Engine.Vault;
using Vedette.Sdk;
using Vedette.Server.Rest;
using Vedette.Storage;
using Vedette.WayOut;
using Path = System.IO.Path;

namespace Vedette.Server.Hosting;

internal static class VedetteServiceCollectionExtensions
{
    /// <summary>The engine with all that it is given by its host.</summary>
    /// <param name="ownPorts">Ports this server listens on: no action leaves for them.</param>
    public static IServiceCollection AddVedette(this IServiceCollection services, ServerOptions options, IStore store, IReadOnlyList<int> ownPorts) => services
        .AddSingleton(store)
        .AddSingleton(options)
        .AddSingleton(EngineOptionsOf(options))
        .AddSingleton<IVaultFiles>(new VaultFolder(Path.Combine(options.DataFolder, "vault")))
        .AddSingleton<ISecretKeys>(FileSecretKeys.Open(options.DataFolder))
        .AddSingleton<IWayOutFactory>(_ => new WayOutFactory(new WayOutOptions { OwnPorts = [.. ownPorts] }))
        .AddSingleton<IPlaybookWorkers>(_ => WorkersOfServer.Make(options))
        .AddSingleton<BundledContent>()
        .AddSingleton<LabAssets>()
        .AddEngine()
        .AddRest();

    private static EngineOptions EngineOptionsOf(ServerOptions options)
    {
        var engine = new EngineOptions { Turn = TurnLimits.Default with { Deadline = options.TurnDeadline, MemoryBytes = options.TurnMemoryBytes } };
        return options.TurnsAtOnce is { } turns ? engine with { TurnsAtOnce = turns } : engine;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Apps;

internal static class AppsServiceCollectionExtensions
{
    // Another node may have changed an asset; here a change shows at once.
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(5);

    /// <summary>Needs an <see cref="IStore"/> and <see cref="ISecretKeys"/>.</summary>
    public static IServiceCollection AddApps(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(all => new Snapshot<AssetList>(
            async ct => new AssetList(await all.GetRequiredService<IStore>().Select<AssetRow>(new Query(), ct).ConfigureAwait(false)),
            all.GetRequiredService<TimeProvider>(),
            KnownFor));
        services.AddSingleton<Installed>();
        services.TryAddSingleton<SecretSeal>();
        services.AddSingleton<AssetWrites>();
        services.AddSingleton<IApps, Apps>();
        return services;
    }
}

/// <summary>All assets, as they were read.</summary>
internal sealed record AssetList(IReadOnlyList<AssetRow> Rows);

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Access;

internal static class AccessServiceCollectionExtensions
{
    /// <summary>Needs an <see cref="IStore"/>, <see cref="ISecretKeys"/> and logging; the host may have added <see cref="AccessOptions"/> before.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AccessOptions>();
        services.AddSingleton(all => new Snapshot<Known>(
            ct => Known.Load(all.GetRequiredService<IStore>(), ct),
            all.GetRequiredService<TimeProvider>(),
            all.GetRequiredService<AccessOptions>().KnownFor));
        services.AddSingleton<Passwords>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<VerifiedBasics>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<Callers>();
        services.AddSingleton<Users>();
        services.TryAddSingleton<SecretSeal>();
        services.AddSingleton<ReadableTokens>();
        services.AddSingleton<Tokens>();
        services.AddSingleton<Seeding>();
        services.AddSingleton<IAccess, Access>();
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Vault;

internal static class VaultRegistration
{
    public static IServiceCollection AddVault(this IServiceCollection services) => services.AddSingleton<IVault, VaultRoom>();
}

using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Policies;

internal static class PoliciesRegistration
{
    public static IServiceCollection AddPolicies(this IServiceCollection services) => services.AddSingleton<IPolicies, PolicyRoom>();
}

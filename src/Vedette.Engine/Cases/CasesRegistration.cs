using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Cases;

internal static class CasesRegistration
{
    public static IServiceCollection AddCases(this IServiceCollection services) => services.AddSingleton<ICases, CaseRoom>();
}

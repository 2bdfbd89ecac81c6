using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Audit;

internal static class AuditServiceCollectionExtensions
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<IAudit, Audit>();
}

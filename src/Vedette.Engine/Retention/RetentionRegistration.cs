using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Retention;

internal static class RetentionRegistration
{
    public static IServiceCollection AddRetention(this IServiceCollection services) => services.AddSingleton<IRetention, RetentionRoom>();
}

using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Indicators;

internal static class IndicatorsRegistration
{
    public static IServiceCollection AddIndicators(this IServiceCollection services) => services.AddSingleton<IIndicators, IndicatorRoom>();
}

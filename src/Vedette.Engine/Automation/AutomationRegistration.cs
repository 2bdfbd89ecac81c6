using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Automation;

internal static class AutomationRegistration
{
    public static IServiceCollection AddAutomation(this IServiceCollection services) => services.AddSingleton<IAutomation, AutomationRoom>();
}

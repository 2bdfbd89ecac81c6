using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine.Containers;

namespace Vedette.Engine.Automation;

internal static class AutomationRegistration
{
    public static IServiceCollection AddAutomation(this IServiceCollection services) => services
        .AddSingleton<AutomationRoom>()
        .AddSingleton<IAutomationWake>(provider => provider.GetRequiredService<AutomationRoom>());
}

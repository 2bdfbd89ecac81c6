using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Intake;

public static class IntakeRegistration
{
    public static IServiceCollection AddIntake(this IServiceCollection services) => services.AddSingleton<Backlog>().AddSingleton<IIntake, IntakeRoom>();
}

using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Containers;

public static class ContainersRegistration
{
    public static IServiceCollection AddContainers(this IServiceCollection services) => services.AddSingleton<IContainers, ContainerRoom>();
}

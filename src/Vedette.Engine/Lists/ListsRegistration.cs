using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Lists;

public static class ListsRegistration
{
    public static IServiceCollection AddLists(this IServiceCollection services) => services.AddSingleton<ILists, ListRoom>();
}

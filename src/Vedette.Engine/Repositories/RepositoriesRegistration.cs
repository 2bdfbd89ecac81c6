using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Repositories;

internal static class RepositoriesRegistration
{
    public static IServiceCollection AddRepositories(this IServiceCollection services) => services
        .AddSingleton<RepositorySettings>()
        .AddSingleton<PlaybookFiles>()
        .AddSingleton<VersionReader>()
        .AddSingleton<BranchMoves>()
        .AddSingleton<Pulls>()
        .AddSingleton<Edits>()
        .AddSingleton<Adoption>()
        .AddSingleton<IRepositories, RepositoryRoom>();
}

using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine.Actions.Quota;

namespace Vedette.Engine.Actions;

internal static class ActionsRegistration
{
    public static IServiceCollection AddActions(this IServiceCollection services) => services
        .AddSingleton<RepositoryReach>()
        .AddSingleton<StopSwitch>()
        .AddSingleton<EndedActions>()
        .AddSingleton<Settlement>()
        .AddSingleton<Outcomes>()
        .AddSingleton<IQuotaLease, SoleLease>()
        .AddSingleton<Governor>()
        .AddSingleton<Flights>()
        .AddSingleton<CarryOut>()
        .AddSingleton<Runner>()
        .AddSingleton<HeldActions>()
        .AddSingleton<Undoing>()
        .AddSingleton<AssetTester>()
        .AddSingleton<IActions, ActionRoom>();
}

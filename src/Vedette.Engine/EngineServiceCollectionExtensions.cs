using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Apps;
using Vedette.Engine.Approvals;
using Vedette.Engine.Audit;
using Vedette.Engine.Automation;
using Vedette.Engine.Cases;
using Vedette.Engine.Containers;
using Vedette.Engine.Evidence;
using Vedette.Engine.Indicators;
using Vedette.Engine.Intake;
using Vedette.Engine.Lists;
using Vedette.Engine.Notes;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Policies;
using Vedette.Engine.Repositories;
using Vedette.Engine.Retention;
using Vedette.Engine.Storage;
using Vedette.Engine.Vault;
using Vedette.Engine.Workbooks;

namespace Vedette.Engine;

public static class EngineServiceCollectionExtensions
{
    /// <summary>
    /// The way of an alert, in its order, and what stands beside it. The host adds the store, the workers, the way out, the keys of
    /// secrets, and the own REST.
    /// </summary>
    public static IServiceCollection AddEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EngineOptions>();
        services.AddSingleton<OutboxBell>();
        services.AddSingleton<ClockJumps>();
        services.TryAddSingleton<Changes>();
        return services
            .AddIntake()
            .AddContainers()
            .AddAutomation()
            .AddPlaybooks()
            .AddApprovals()
            .AddActions()
            .AddPolicies()
            .AddApps()
            .AddAccess()
            .AddAudit()
            .AddNotes()
            .AddLists()
            .AddVault()
            .AddWorkbooks()
            .AddCases()
            .AddEvidence()
            .AddIndicators()
            .AddRepositories()
            .AddRetention()
            .AddSingleton(provider => new EngineStart(
                provider.GetRequiredService<Runner>(),
                provider.GetRequiredService<StopSwitch>(),
                provider.GetRequiredService<IPolicies>(),
                provider.GetRequiredService<IApprovals>(),
                provider.GetRequiredService<IPlaybooks>(),
                provider.GetRequiredService<IAutomation>(),
                provider.GetRequiredService<IVault>(),
                provider.GetRequiredService<IRepositories>(),
                provider.GetRequiredService<IRetention>()));
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Approvals;

internal static class ApprovalsRegistration
{
    public static IServiceCollection AddApprovals(this IServiceCollection services) => services
        .AddSingleton<Addressees>()
        .AddSingleton<Delegations>()
        .AddSingleton<PromptEnds>()
        .AddSingleton<TimeLimits>()
        .AddSingleton<IApprovals, ApprovalRoom>();
}

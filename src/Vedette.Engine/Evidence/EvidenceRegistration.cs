using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Engine.Evidence;

internal static class EvidenceRegistration
{
    public static IServiceCollection AddEvidence(this IServiceCollection services) => services.AddSingleton<IEvidence, EvidenceRoom>();
}

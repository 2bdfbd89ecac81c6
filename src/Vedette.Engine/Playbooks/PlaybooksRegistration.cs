using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine.Actions;
using Vedette.Engine.Playbooks.Rest;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Engine.Playbooks;

internal static class PlaybooksRegistration
{
    public static IServiceCollection AddPlaybooks(this IServiceCollection services) => services
        .AddSingleton<PlaybookSources>()
        .AddSingleton<RunAsRights>()
        .AddSingleton<AppsAsked>()
        .AddSingleton<PlaybookImporter>()
        .AddSingleton<Refusals>()
        .AddSingleton<TurnServices>()
        .AddSingleton<TurnJobs>()
        .AddSingleton<SandboxAcceptance>()
        .AddSingleton<RunEnds>()
        .AddSingleton<RunPace>()
        .AddSingleton<RunServices>()
        .AddSingleton<RunLine>()
        .AddSingleton<RunRecords>()
        .AddSingleton<RunWaits>()
        .AddSingleton<RunStarts>()
        .AddSingleton<RunDispatcher>()
        .AddSingleton<IRunWake>(provider => provider.GetRequiredService<RunDispatcher>())
        // The runner wakes runs, and a turn asks for actions: the way back is data in the inbox, so only the construction has to be put off.
        .AddSingleton(provider => new Lazy<RunServices>(provider.GetRequiredService<RunServices>))
        .AddSingleton(provider => new Lazy<IOwnRest>(provider.GetRequiredService<IOwnRest>))
        .AddSingleton(provider => new Lazy<ISourceExaminer>(provider.GetRequiredService<ISourceExaminer>))
        .AddSingleton<IPlaybooks, PlaybookRoom>();
}

using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>How far the actions of a run may reach for where its playbook comes from, and those of the runs above it: the least of them.</summary>
internal sealed class RepositoryReach(IStore store)
{
    /// <summary>Why an action of the run is refused; null when it is not.</summary>
    public async ValueTask<string?> Refuses(PlaybookRunId run, string action, Reach reach)
    {
        for (var id = (long?)run.Value; id is { } at && await store.Find<PlaybookRunRow>(at) is { } row; id = row.ParentRunId)
        {
            var repository = await store.Select<RepositoryRow>(Query.For(Where.Is(nameof(RepositoryRow.TenantId), row.TenantId) & Where.Is(nameof(RepositoryRow.Name), row.Repository)));
            if (repository is [{ } limited, ..] && reach > limited.MostReach)
            {
                return $"Refused: \"{action}\" {Word(reach)}, and playbooks of the repository \"{limited.Name}\" may go as far as: {Word(limited.MostReach)}.";
            }
        }

        return null;
    }

    private static string Word(Reach reach) => reach.ToString().ToLowerInvariant();
}

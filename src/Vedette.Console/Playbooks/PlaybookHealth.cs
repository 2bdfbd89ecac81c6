using Vedette.Console.Reading;
using Vedette.Engine.Storage;

namespace Vedette.Console.Playbooks;

/// <summary>How a playbook's runs went of late.</summary>
/// <param name="Last">Its newest run; null for none.</param>
public sealed record PlaybookHealth(int Runs, int Failed, PlaybookRunRow? Last)
{
    /// <summary>Of all playbooks together: what is older is not counted.</summary>
    public const int Newest = 2_000;

    public static PlaybookHealth None { get; } = new(0, 0, null);

    /// <summary>By playbook, with one read.</summary>
    internal static async Task<IReadOnlyDictionary<long, PlaybookHealth>> Read(Reader reader) =>
        (await reader.SelectIfAllowed<PlaybookRunRow>(new Query { Order = [("Id", true)], Limit = Newest }))
            .GroupBy(run => run.PlaybookId)
            .ToDictionary(runs => runs.Key, runs => new PlaybookHealth(runs.Count(), runs.Count(run => run.Status == "failed"), runs.First()));
}

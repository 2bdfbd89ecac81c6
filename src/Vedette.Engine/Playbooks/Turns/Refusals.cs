using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>
/// What runs were refused goes into the record: at once and in a unit of its own, for a turn that is thrown away was refused all the same.
/// Bounded for each run, so that a loop of refusals fills no disk.
/// </summary>
internal sealed class Refusals(IStore store, TimeProvider time, ILogger<Refusals> log)
{
    /// <summary>Refusals of one run that get a row; the last of them says that more may follow.</summary>
    public const int MostOfRun = 50;

    private const int LongestText = 300;

    public async Task Note(RunState run, Caller caller, string call, string message)
    {
        var number = ++run.Refused.Count;
        if (number > MostOfRun)
        {
            return;
        }

        var content = new JsonObject { ["call"] = Cut(call), ["message"] = Cut(message) };
        if (number == MostOfRun)
        {
            content["last"] = $"{MostOfRun} calls of this run were refused; further ones get no row.";
        }

        var unit = new Unit();
        unit.Audit(caller, time.GetUtcNow(), "refused", "playbook_run", run.Row.Id, run.Row.ContainerId, content);
        var commit = await store.Commit(unit);
        if (!commit.IsDone)
        {
            // It stays refused; only the row is missing, and a store that cannot write lets no act through either.
            log.LogError("{CausedBy} was refused {Call}, and the record could not be written: {Kind} {What}", caller.CausedBy, Cut(call), commit.Kind, commit.What);
        }
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText];
}

/// <summary>Counted over all turns of a run, also those that are thrown away.</summary>
internal sealed class RefusedCalls
{
    public int Count { get; set; }
}

using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Server.Hosting;

namespace Vedette.Server.Rest.Resources;

/// <summary>How the server is, in numbers.</summary>
internal sealed class HealthResource(Health health) : IResource
{
    private static readonly Shape State = new Shape("Health", "How the server is at this moment. An age is in seconds, and null where nothing waits.")
        .Needs("store_reached", Kind.Truth, "Whether the store answers.")
        .Needs("writer_queue", Kind.Whole, "Units that wait for the writer of the store.")
        .Needs("disk_free_bytes", Kind.Whole, "What may still be written where the data folder is.")
        .Needs("disk_size_bytes", Kind.Whole, "How large that disk is.")
        .Needs("sandbox", Kind.Text, "The level of the sandbox that was reached.")
        .Needs("playbooks_run", Kind.Truth, "Whether playbooks run at that level.")
        .Needs("stopped", Kind.Truth, "Whether the stop switch is on.")
        .Needs("runs_running", Kind.Whole, "Runs at work.")
        .Needs("runs_running_oldest_seconds", Kind.Any, "Age of the oldest of them.")
        .Needs("runs_pending", Kind.Whole, "Runs that have not started.")
        .Needs("runs_pending_oldest_seconds", Kind.Any, "Age of the oldest of them.")
        .Needs("actions_open", Kind.Whole, "Actions that were asked for and have not ended.")
        .Needs("outcomes_in_doubt", Kind.Whole, "Calls of which nobody knows whether they happened: a person has to say.")
        .Needs("approvals_open", Kind.Whole, "Questions that wait for a person.")
        .Needs("outbox", Kind.Whole, "What was stored of events and not yet looked at for playbooks.")
        .Needs("outbox_oldest_seconds", Kind.Any, "Age of the oldest of it.")
        .Needs("indicators", Kind.Whole, "What was stored of events and not yet made into indicators.")
        .Needs("indicators_oldest_seconds", Kind.Any, "Age of the oldest of it.")
        .Needs("backlog", Kind.Whole, "What waits for this server: the outbox, runs that have not started, and turns that wait for a core.")
        .Needs("backlog_oldest_seconds", Kind.Any, "Age of the oldest of it.")
        .Needs("backlog_drains_in_seconds", Kind.Any, "How long it takes to work that off at the pace of the last minute, if nothing else comes; null where nothing moves.")
        .Needs("clock_jumped_seconds", Kind.Any, "By how much the clock was set since the start, forward or back, where it was more than a minute. Time limits are counted without it.")
        .Needs("assets_left_alone", Kind.Whole, "Assets that no call leaves for because too many failed in a row: `/rest/asset/N/quota`.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("health", "Read how the server is", async call => RestAnswer.Ok(Shown(await health.Look(call.Ct)))) with
        {
            Needed = Permissions.ViewEvents, Answers = State, Description = "`/health/live` and `/health/ready` answer one word without a sign-in.",
        },
    ];

    private static JsonObject Shown(HealthState state) => new()
    {
        ["store_reached"] = state.StoreReached,
        ["writer_queue"] = state.Queued,
        ["disk_free_bytes"] = state.DiskFree,
        ["disk_size_bytes"] = state.DiskSize,
        ["sandbox"] = state.Sandbox,
        ["playbooks_run"] = state.PlaybooksRun,
        ["stopped"] = state.Stopped,
        ["runs_running"] = state.RunsRunning.Count,
        ["runs_running_oldest_seconds"] = Seconds(state.RunsRunning),
        ["runs_pending"] = state.RunsPending.Count,
        ["runs_pending_oldest_seconds"] = Seconds(state.RunsPending),
        ["actions_open"] = state.ActionsOpen,
        ["outcomes_in_doubt"] = state.OutcomesInDoubt,
        ["approvals_open"] = state.ApprovalsOpen,
        ["outbox"] = state.Outbox.Count,
        ["outbox_oldest_seconds"] = Seconds(state.Outbox),
        ["indicators"] = state.Indicators.Count,
        ["indicators_oldest_seconds"] = Seconds(state.Indicators),
        ["backlog"] = state.Backlog.Count,
        ["backlog_oldest_seconds"] = Seconds(state.Backlog),
        ["backlog_drains_in_seconds"] = state.DrainsIn is { } drain ? Math.Round(drain.TotalSeconds, 3) : null,
        ["clock_jumped_seconds"] = Math.Round(state.ClockJumped.TotalSeconds, 3),
        ["assets_left_alone"] = state.AssetsLeftAlone,
    };

    private static double? Seconds(Queue queue) => queue.Oldest is { } age ? Math.Round(age.TotalSeconds, 3) : null;
}

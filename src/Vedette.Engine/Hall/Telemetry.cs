using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Vedette.Engine.Hall;

/// <summary>
/// What the way of an alert tells to whoever measures: spans named as the steps in ARCHITECTURE.md, and numbers. Ids, counts and words of our
/// own only, never a value of an alert. While nobody listens nothing is made and nothing allocated.
/// </summary>
/// <remarks>
/// The way goes over disk twice, so its trace does too: who writes an entry of the outbox or a run writes <see cref="Here"/> into it, and who
/// takes it up goes on with <see cref="Continue"/>.
/// </remarks>
public static class Telemetry
{
    /// <summary>Of the source of spans and of the meter.</summary>
    public const string Name = "Vedette";

    private static readonly ActivitySource Spans = new(Name);
    private static readonly Meter Numbers = new(Name);

    private static readonly Counter<long> Alerts = Numbers.CreateCounter<long>("vedette.alerts", "{alert}", "Alerts that were stored or found to be stored already.");
    private static readonly Counter<long> AlertsRefused = Numbers.CreateCounter<long>("vedette.alerts.refused", "{alert}", "Alerts that were told to come again because too much waits.");
    private static readonly Histogram<double> Turns = Numbers.CreateHistogram<double>("vedette.turn.duration", "s", "Turns of playbooks.");
    private static readonly Histogram<double> Runs = Numbers.CreateHistogram<double>("vedette.run.duration", "s", "Runs of playbooks, from their making to their end.");
    private static readonly Histogram<double> Actions = Numbers.CreateHistogram<double>("vedette.action.duration", "s", "Parameter sets carried out on assets, with what they waited for.");

    /// <summary>Whether somebody follows traces.</summary>
    public static bool Traced => Spans.HasListeners();

    /// <summary>Whether somebody counts actions.</summary>
    public static bool CountsActions => Actions.Enabled;

    /// <summary>Where the trace is now, as W3C writes it, to be kept on disk; empty where nobody follows.</summary>
    public static string Here => Spans.HasListeners() ? Activity.Current?.Id ?? "" : "";

    /// <summary>The first span of a trace, whatever the host or a sender has begun before.</summary>
    public static Activity? Begin(string name)
    {
        if (!Spans.HasListeners())
        {
            return null;
        }

        Activity.Current = null;
        return Spans.StartActivity(name, ActivityKind.Server);
    }

    /// <summary>A span within the one that is open.</summary>
    public static Activity? Within(string name) => Spans.StartActivity(name);

    /// <summary>A span that goes on with a trace that was kept on disk. Whoever happened to wake this is no part of it.</summary>
    public static Activity? Continue(string name, string trace)
    {
        if (!Spans.HasListeners())
        {
            return null;
        }

        Activity.Current = null;
        return ActivityContext.TryParse(trace, null, isRemote: true, out var kept) ? Spans.StartActivity(name, ActivityKind.Internal, kept) : Spans.StartActivity(name);
    }

    /// <param name="outcome"><c>new</c>, <c>duplicate</c> or <c>grouped</c>.</param>
    public static void Alert(string outcome) => Alerts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void AlertRefused() => AlertsRefused.Add(1);

    /// <param name="outcome"><c>success</c> or <c>failed</c>.</param>
    public static void Turn(TimeSpan took, string outcome)
    {
        if (Turns.Enabled)
        {
            Turns.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    /// <summary>A run has ended: its length is a span of its own, for a run outlives whoever carries it.</summary>
    public static void RunEnded(Storage.PlaybookRunRow run)
    {
        var ended = run.EndedAt ?? run.UpdatedAt;
        if (Runs.Enabled)
        {
            Runs.Record((ended - run.CreatedAt).TotalSeconds, new KeyValuePair<string, object?>("status", run.Status));
        }

        if (Spans.HasListeners())
        {
            ActivityContext.TryParse(run.Trace, null, isRemote: true, out var kept);
            var before = Activity.Current;
            Activity.Current = null;
            using (var span = Spans.StartActivity("run", ActivityKind.Internal, kept, startTime: run.StartedAt ?? run.CreatedAt))
            {
                span?.SetTag("vedette.run", run.Id).SetTag("vedette.event", run.ContainerId).SetTag("vedette.status", run.Status).SetTag("vedette.turns", run.Turns);
                span?.SetEndTime(ended.UtcDateTime);
            }

            Activity.Current = before;
        }
    }

    /// <param name="status"><c>success</c>, <c>failed</c> or <c>unknown</c>.</param>
    /// <param name="reach">What it reaches for, in a word.</param>
    public static void Action(TimeSpan took, string status, string reach) =>
        Actions.Record(took.TotalSeconds, new KeyValuePair<string, object?>("status", status), new KeyValuePair<string, object?>("reach", reach));
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Actions;

namespace Vedette.Server.Hosting;

/// <summary>
/// What <see cref="Health"/> sees, as gauges. A gauge may not wait for the store, so it shows the last look: one is made before each scrape, and
/// for a collector that things are sent to every few seconds.
/// </summary>
internal sealed class HealthNumbers : BackgroundService
{
    public const string MeterName = "Vedette.Health";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly Health _health;
    private readonly ServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<HealthNumbers> _log;
    private volatile HealthState? _last;

    public HealthNumbers(Health health, ServerOptions options, IMeterFactory meters, TimeProvider time, ILogger<HealthNumbers> log)
    {
        (_health, _options, _time, _log) = (health, options, time, log);
        var meter = meters.Create(MeterName);
        Gauge("vedette.store.reached", "1", "1 while the store answers.", state => state.StoreReached ? 1 : 0);
        Gauge("vedette.store.queue", "{unit}", "Units that wait for the writer.", state => state.Queued);
        Gauge("vedette.disk.free", "By", "What may still be written where the data folder is.", state => state.DiskFree);
        Gauge("vedette.playbooks.run", "1", "1 while the sandbox lets playbooks run.", state => state.PlaybooksRun ? 1 : 0);
        Gauge("vedette.stopped", "1", "1 while the stop switch is on.", state => state.Stopped ? 1 : 0);
        Gauge("vedette.runs.running", "{run}", "Runs at work.", state => state.RunsRunning.Count);
        Gauge("vedette.runs.running.oldest", "s", "Age of the oldest run at work.", state => Seconds(state.RunsRunning));
        Gauge("vedette.runs.pending", "{run}", "Runs that have not started.", state => state.RunsPending.Count);
        Gauge("vedette.runs.pending.oldest", "s", "Age of the oldest run that has not started.", state => Seconds(state.RunsPending));
        Gauge("vedette.actions.open", "{action}", "Actions that have not ended.", state => state.ActionsOpen);
        Gauge("vedette.outcomes.in_doubt", "{outcome}", "Calls of which nobody knows whether they happened.", state => state.OutcomesInDoubt);
        Gauge("vedette.approvals.open", "{question}", "Questions that wait for a person.", state => state.ApprovalsOpen);
        Gauge("vedette.outbox", "{entry}", "What was not yet looked at for playbooks.", state => state.Outbox.Count);
        Gauge("vedette.outbox.oldest", "s", "Age of the oldest of it.", state => Seconds(state.Outbox));
        Gauge("vedette.indicators", "{entry}", "What was not yet made into indicators.", state => state.Indicators.Count);
        Gauge("vedette.indicators.oldest", "s", "Age of the oldest of it.", state => Seconds(state.Indicators));
        Gauge("vedette.backlog", "{entry}", "What waits for this server: the outbox, runs that have not started, and turns.", state => state.Backlog.Count);
        Gauge("vedette.backlog.oldest", "s", "Age of the oldest of it.", state => Seconds(state.Backlog));
        Gauge("vedette.backlog.drains_in", "s", "How long it takes to work that off at the pace of the last minute; NaN where nothing moves.", state => state.DrainsIn?.TotalSeconds ?? double.NaN);
        Gauge("vedette.clock.jumped", "s", "By how much the clock was set since the start, forward or back.", state => state.ClockJumped.TotalSeconds);
        Gauge("vedette.assets.left_alone", "{asset}", "Assets that no call leaves for because too many failed in a row.", state => state.AssetsLeftAlone);
        OfAssets("vedette.asset.calls.under_way", "{call}", "Calls of an asset that are not answered.", asset => asset.UnderWay);
        OfAssets("vedette.asset.calls.waiting", "{call}", "Calls of an asset that may not leave yet.", asset => asset.Waiting);
        OfAssets("vedette.asset.breaker.open", "1", "1 while no call leaves for an asset because too many failed in a row.", asset => asset.Breaker == BreakerState.Closed ? 0 : 1);
        OfAssets("vedette.asset.calls.left", "{call}", "Calls of an asset since the start.", asset => asset.Calls);
        OfAssets("vedette.asset.questions.shared", "{question}", "Questions since the start that were answered by what another had asked.", asset => asset.Shared);

        void OfAssets(string name, string unit, string says, Func<QuotaState, double> of) =>
            meter.CreateObservableGauge(name, () => (_last?.Assets ?? []).Select(asset => new Measurement<double>(of(asset), new KeyValuePair<string, object?>("asset", asset.AssetId))), unit, says);

        void Gauge(string name, string unit, string says, Func<HealthState, double> of) =>
            meter.CreateObservableGauge(name, () => _last is { } state ? [new Measurement<double>(of(state))] : Array.Empty<Measurement<double>>(), unit, says);
    }

    public async Task Look(CancellationToken ct) => _last = await _health.Look(ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Otlp is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(Every, _time);
        do
        {
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                _log.LogWarning("How the server is could not be looked at: {Message}", exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static double Seconds(Queue queue) => queue.Oldest?.TotalSeconds ?? 0;
}

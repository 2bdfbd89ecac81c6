using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Indicators;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Automation;

/// <summary>
/// Empties the containers' outbox: every trigger, in order per container, becomes runs of the active playbooks, in the same commit in which it
/// counts as handled.
/// </summary>
internal sealed class AutomationRoom(IStore store, IPlaybooks playbooks, IIndicators indicators, OutboxBell bell, TimeProvider time, ILogger<AutomationRoom> log) : IAutomation, IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, int> _wakes = new();
    private readonly CancellationTokenSource _end = new();

    public void Wake(long containerId)
    {
        if (_wakes.AddOrUpdate(containerId, 1, (_, wakes) => wakes + 1) == 1)
        {
            _ = Task.Run(() => Drain(containerId));
        }
    }

    public async Task TakeUp()
    {
        bell.Rung += Wake;
        foreach (var container in (await store.Select<TriggerRow>(Query.For(Where.Is(nameof(TriggerRow.Handled), false)))).Select(trigger => trigger.ContainerId).Distinct())
        {
            Wake(container);
        }

        indicators.Wake();
    }

    public async ValueTask DisposeAsync() => await _end.CancelAsync();

    private async Task Drain(long containerId)
    {
        int seen;
        do
        {
            seen = _wakes[containerId];
            try
            {
                await Patience.Until(
                    () => Handle(containerId), () => log.LogWarning("Triggers of event {Container} wait for the store to write again.", containerId), time, _end.Token);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The trigger stays on disk: the next one of this container or the next start takes it up.
                log.LogError(exception, "Triggers of event {Container} could not be handled.", containerId);
            }
        }
        while (_wakes.AddOrUpdate(containerId, 0, (_, wakes) => wakes - seen) > 0);
        _wakes.TryRemove(new KeyValuePair<long, int>(containerId, 0));
        indicators.Wake();
    }

    /// <summary>False when the store cannot write.</summary>
    private async Task<bool> Handle(long containerId)
    {
        var triggers = await store.Select<TriggerRow>(Query.For(Where.Is(nameof(TriggerRow.ContainerId), containerId) & Where.Is(nameof(TriggerRow.Handled), false)));
        foreach (var trigger in triggers)
        {
            using var span = Telemetry.Continue("automation", trigger.Trace);
            span?.SetTag("vedette.event", containerId).SetTag("vedette.trigger", trigger.Id);
            using var held = await playbooks.Hold(new ContainerId(containerId));
            var outcome = await Units.Decide(store, async unit =>
            {
                unit.GoOnBeforeDisk();
                var container = await store.Find<ContainerRow>(containerId);
                unit.Update<TriggerRow>(trigger.Id, null, (nameof(trigger.Handled), true));
                return container is null
                    ? default(Done)
                    : await playbooks.StartByTrigger(unit, Automation(trigger), container, trigger);
            });
            if (outcome.Refusal is { Kind: RefusalKind.Unavailable })
            {
                return false;
            }

            if (outcome.Refused)
            {
                log.LogError("Trigger {Trigger} of event {Container} was not handled: {Message}", trigger.Id, containerId, outcome.Refusal.Message);
            }
        }

        return true;
    }

    /// <summary>Runs that the platform starts act as the automation user, whoever sent the alert.</summary>
    private static Caller Automation(TriggerRow trigger) => Caller.Platform with
    {
        UserId = Caller.AutomationUserId,
        Username = "automation",
        TenantId = trigger.TenantId,
        CausedBy = $"trigger {trigger.Id}",
    };
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Actions;

/// <summary>
/// Sees what became of a changing call that nobody answered. A key protects from a second effect only where the other system was seen to take
/// it: until then a keyed call is settled like a findable one, by looking again once the other system's own time limit is over.
/// </summary>
internal sealed class Settlement(IStore store, TimeProvider time, ILogger<Settlement> log)
{
    private const int Looks = 3;

    private readonly ConcurrentDictionary<(long Asset, string Target), TaskCompletionSource> _keySeen = new();

    public async Task<(Verdict Verdict, ActionAnswer? Answer)> Look(ActionCall call, Apps.ActionTarget target, ActionResultRow result, bool landed, CancellationToken ct)
    {
        if (result.Settling is Settling.Reads or Settling.Repeatable)
        {
            return (Verdict.SendAgain, null);
        }

        if (result.Settling == Settling.Unknown)
        {
            return (Verdict.CannotKnow, null);
        }

        for (var looks = 1; ; looks++)
        {
            var settled = await Ask(call, target, ct);
            if (settled.Kind == SettledKind.Happened)
            {
                return (Verdict.Happened, settled.Answer);
            }

            if (result.Settling == Settling.Keyed && await KeyIsTaken(result, ct))
            {
                return (Verdict.SendAgain, null);
            }

            if (!landed)
            {
                return (Verdict.NotYet, null);
            }

            if (settled.Kind == SettledKind.NotThere)
            {
                return (Verdict.SendAgain, null);
            }

            if (looks == Looks)
            {
                return (Verdict.CannotKnow, null);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100 * Math.Pow(4, looks)), time, ct);
        }
    }

    /// <summary>Waits until a call that was given up cannot land any more, or until another shows that its key protects it.</summary>
    public async Task Landed(ActionResultRow result, DateTimeOffset by, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var left = by - time.GetUtcNow();
        var over = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, enough.Token);
        await (result.Settling == Settling.Keyed ? Task.WhenAny(over, KeySeen(result).Task) : over);
        ct.ThrowIfCancellationRequested();
        await enough.CancelAsync();
    }

    /// <summary>Learns from a good answer, and gives how this call would have had to be settled.</summary>
    public Settling Learn(ActionResultRow result, ActionAnswer answer)
    {
        if (!answer.Success || result.Settling != Settling.Keyed)
        {
            return result.Settling;
        }

        if (answer.KeyTaken == true)
        {
            KeySeen(result).TrySetResult();
            return Settling.Keyed;
        }

        _keySeen.TryRemove((result.AssetId, result.Target), out _);
        return Settling.Findable;
    }

    private async Task<Settled> Ask(ActionCall call, Apps.ActionTarget target, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(target.AnswerWithin, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            var settled = await target.Connector.Settle(call, both.Token);
            return settled.Answer is { } answer ? settled with { Answer = call.Secrets.HideIn(answer) } : settled;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Settled.CannotKnow;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError("The connector for {Action} on {Asset} threw while it looked for an effect: {Exception}", call.Action, target.Asset.Name, call.Secrets.HideIn(exception.ToString()));
            return Settled.CannotKnow;
        }
    }

    /// <summary>By the newest good answer of this asset, whichever run had it.</summary>
    private async ValueTask<bool> KeyIsTaken(ActionResultRow result, CancellationToken ct)
    {
        if (KeySeen(result).Task.IsCompleted)
        {
            return true;
        }

        var newest = await store.Select<ActionResultRow>(
            new Query
            {
                // What only reads has no key: with that said an index of the writes serves this, however much was read.
                Where = Where.Is(nameof(result.AssetId), result.AssetId) & Where.Is(nameof(result.Target), result.Target) & Where.Is(nameof(result.State), ActionState.Done)
                    & new Compare(nameof(result.Reach), Comparison.GreaterOrEqual, Reach.Records),
                Order = [(nameof(result.Id), true)],
                Limit = 1,
            },
            ct);
        return newest is [{ Settling: Settling.Keyed }];
    }

    private TaskCompletionSource KeySeen(ActionResultRow result) =>
        _keySeen.GetOrAdd((result.AssetId, result.Target), _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>What a look for the effect of an unanswered call says.</summary>
internal enum Verdict
{
    Happened,
    SendAgain,

    /// <summary>It is not there and may still land.</summary>
    NotYet,
    CannotKnow,
}

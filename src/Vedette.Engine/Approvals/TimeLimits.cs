using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Approvals;

/// <summary>Ends questions that nobody answers in time, and asks more people before that where the policy says so. The time is in the row, so it counts over restarts.</summary>
internal sealed class TimeLimits(IStore store, PromptEnds ends, TimeProvider time, ILogger<TimeLimits> log) : IAsyncDisposable
{
    /// <summary>A timer does not take longer; what is due later is looked at again then.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _end = new();

    public void Watch(PromptRow prompt)
    {
        if (prompt.DueAt is { } due)
        {
            _ = Task.Run(() => Wait(prompt.Id, due, Expire));
        }

        if (prompt.EscalateAt is { } escalate)
        {
            _ = Task.Run(() => Wait(prompt.Id, escalate, Escalate));
        }
    }

    public async Task TakeUp()
    {
        foreach (var prompt in await store.Select<PromptRow>(Query.For(Where.Is(nameof(PromptRow.Status), "pending"))))
        {
            Watch(prompt);
        }
    }

    public async ValueTask DisposeAsync() => await _end.CancelAsync();

    private async Task Wait(long id, DateTimeOffset due, Func<long, Task<bool>> then)
    {
        try
        {
            // By the clock only here: one that is set meanwhile neither ends a question early nor keeps it open.
            var (all, since) = (due - time.GetUtcNow(), time.GetTimestamp());
            for (var left = all; left > TimeSpan.Zero; left = all - time.GetElapsedTime(since))
            {
                await Task.Delay(left < Longest ? left : Longest, time, _end.Token);
            }

            await Patience.Until(() => then(id), () => log.LogWarning("The time limit of approval {Approval} waits for the store to write again.", id), time, _end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            log.LogDebug("The time limit of approval {Approval} is left as it stands on disk: the server is ending.", id);
        }
        catch (Exception exception)
        {
            // It stays open on disk; the next start looks again.
            log.LogError(exception, "The time limit of approval {Approval} could not be kept.", id);
        }
    }

    /// <summary>Asks more people; what was approved so far stays. False when the store cannot write.</summary>
    private async Task<bool> Escalate(long id)
    {
        var outcome = await Units.Decide(store, async unit =>
        {
            if (await store.Find<PromptRow>(id) is { Status: "pending", EscalateAt: not null } prompt)
            {
                var requirements = JsonNode.Parse(prompt.Requirements)!.AsArray();
                foreach (var who in requirements.Select(one => one!["who"]!.AsArray()))
                {
                    Add(who, prompt.EscalateTo);
                }

                var reviewers = JsonNode.Parse(prompt.Reviewers)!.AsArray();
                Add(reviewers, prompt.EscalateTo);
                var now = time.GetUtcNow();
                unit.Update<PromptRow>(id, prompt.Version, (nameof(prompt.Requirements), requirements.ToJsonString()), (nameof(prompt.Reviewers), reviewers.ToJsonString()), (nameof(prompt.EscalateAt), null));
                unit.Audit(Caller.Platform, now, "escalated", "approval", id, prompt.ContainerId, new JsonObject { ["to"] = JsonNode.Parse(prompt.EscalateTo) });
            }

            return (Outcome<Done>)default(Done);
        });
        return outcome.Refusal is not { Kind: RefusalKind.Unavailable };

        static void Add(JsonArray who, string more)
        {
            foreach (var one in JsonNode.Parse(more)!.AsArray().Where(one => !who.Any(there => JsonNode.DeepEquals(there, one))))
            {
                who.Add(one!.DeepClone());
            }
        }
    }

    /// <summary>False when the store cannot write.</summary>
    private async Task<bool> Expire(long id)
    {
        var outcome = await Units.Decide(store, async unit =>
        {
            if (await store.Find<PromptRow>(id) is { Status: "pending" } prompt)
            {
                await ends.Write(unit, prompt, "expired", "Nobody answered in time.", [], Caller.Platform, time.GetUtcNow());
            }

            return (Outcome<Done>)default(Done);
        });
        return outcome.Refusal is not { Kind: RefusalKind.Unavailable };
    }
}

using System.Collections.Concurrent;
using Vedette.Engine.Storage;
using Vedette.Sdk;
using Vedette.Trial.Platform;

namespace Vedette.Trial.Answers;

/// <summary>Stands where a connector stands, and answers from the book: nothing leaves.</summary>
internal sealed class AnsweringConnector(Manifest manifest, IStore store, AnswerBook book, TrialRecord record, ConcurrentDictionary<string, string> answeredBy, Stir stir) : IConnector
{
    /// <summary>
    /// It answers at once, so its time limit lies further off than the simulated clock goes: not even on a machine so busy that nothing seems
    /// to happen while an answer is on its way does it pass.
    /// </summary>
    public Manifest Manifest { get; } = manifest with { Actions = [.. manifest.Actions.Select(action => action with { AnswerWithin = SimulatedClock.Furthest + TimeSpan.FromDays(15) })] };

    public async Task<ActionAnswer> Run(ActionCall call, CancellationToken ct)
    {
        using var under = stir.Under();
        var results = await store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.EffectKey), call.EffectKey)), ct);
        var run = results.Count == 0 ? null : await store.Find<ActionRunRow>(results[0].ActionRunId, ct);
        var (answer, madeUp) = book.Answer(run?.Name ?? "", call, manifest);
        record.MadeUp |= madeUp;
        answeredBy[call.EffectKey] = madeUp ? "made up" : "test";
        return answer;
    }
}

using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Server.Rest;

/// <summary>Who calls, and the unit that their writes go into: one of its own that is committed here, or a run's, which the run commits.</summary>
internal sealed class RequestWork(IStore store, TimeProvider clock, Caller caller, Unit? given = null, string? idempotencyKey = null, byte[]? body = null)
{
    public Caller Caller => caller;

    public IStore Store => store;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The first refusal for want of rights in a run's call; in a list it shows in no status.</summary>
    public string? Forbidden { get; private set; }

    /// <summary>The address that clients reach this server by; empty inside a run, unless the server's settings name one.</summary>
    public string BaseUrl { get; init; } = "";

    /// <summary>Lets doors write, and answers when it is on disk. With an Idempotency-Key the answer is stored in the same unit and given again to the same request.</summary>
    public async Task<RestAnswer> Write<T>(Func<Unit, Task<Outcome<T>>> doors, Func<T, RestAnswer> answer, CancellationToken ct, int part = 0)
    {
        if (given is not null)
        {
            if ((await doors(given)).Ok(out var value, out var no))
            {
                return answer(value);
            }

            Forbidden ??= no.Kind == RefusalKind.Forbidden ? no.Message : null;
            return RestAnswer.Of(no);
        }

        var key = idempotencyKey is null ? null : $"{caller.UserId}:{idempotencyKey}#{part}";
        var digest = key is null ? "" : Convert.ToHexStringLower(SHA256.HashData(body ?? []));
        if (key is { Length: > 300 })
        {
            return RestAnswer.Failed(400, "Idempotency-Key is longer than 250 characters.");
        }

        var outcome = await Units.Decide(store, async unit => await Decided(unit, doors, answer, key, digest), ct);
        return outcome.Ok(out var result, out var refusal) ? result : RestAnswer.Of(refusal);
    }

    private async Task<Outcome<RestAnswer>> Decided<T>(Unit unit, Func<Unit, Task<Outcome<T>>> doors, Func<T, RestAnswer> answer, string? key, string digest)
    {
        if (key is not null)
        {
            var before = await store.Select<RequestKeyRow>(new Query { Where = Where.Is(nameof(RequestKeyRow.Key), key), Limit = 1 });
            if (before.Count > 0)
            {
                return before[0].Digest == digest
                    ? new RestAnswer(before[0].Status, JsonNode.Parse(before[0].Answer))
                    : new Refusal(RefusalKind.Conflict, "idempotency_key_reused", "This Idempotency-Key was used for another request before: another path or another body. Send the first request again as it was, or take a new key.");
            }
        }

        if (!(await doors(unit)).Ok(out var value, out var refusal))
        {
            return refusal;
        }

        var result = answer(value);
        if (key is not null)
        {
            var kept = result.ShownOnce ? RestAnswer.Failed(409, "This request was done before. What it made is shown once and not kept; ask for a new one.") : result;
            unit.Insert(new RequestKeyRow
            {
                Id = store.NextId<RequestKeyRow>(),
                Key = key,
                Digest = digest,
                Status = kept.Status,
                Answer = kept.Body?.ToJsonString(Wire.Compact) ?? "null",
                CreatedAt = clock.GetUtcNow(),
            });
        }

        return result;
    }
}

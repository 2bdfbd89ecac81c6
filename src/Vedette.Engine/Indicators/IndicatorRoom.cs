using Microsoft.Extensions.Logging;
using Vedette.Engine.Policies;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Indicators;

/// <summary>Takes what the outbox has for it in batches, each one unit: the indicators, where they were seen, and that it is done.</summary>
internal sealed class IndicatorRoom(IStore store, IPolicies policies, EngineOptions options, TimeProvider time, ILogger<IndicatorRoom> log) : IIndicators, IAsyncDisposable
{
    /// <summary>Entries of the outbox in one unit: few, so that no turn waits long behind it.</summary>
    private const int Batch = 8;

    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private int _awake;

    public void Wake()
    {
        if (Interlocked.Exchange(ref _awake, 1) == 0)
        {
            _ = Task.Run(Follow);
        }
    }

    public async Task CatchUp(ContainerId container, CancellationToken ct)
    {
        while (await Make(Where.Is(nameof(TriggerRow.ContainerId), container.Value), ct))
        {
        }
    }

    public async Task<Outcome<Done>> SetTags(Unit unit, Caller caller, IndicatorId id, IReadOnlyList<string> tags)
    {
        if (!(await unit.Own<IndicatorRow>(store, caller, Permissions.EditEvents, id.Value, "indicator")).Ok(out var row, out var no))
        {
            return no;
        }

        var faults = new Faults();
        var written = faults.Tags(tags);
        if (!faults.None)
        {
            return faults.Refusal;
        }

        if (written != row.Tags)
        {
            if ((caller.Run is not null || caller.ByToken) && await Guarded(Texts.Read(row.Tags), tags) is { } guarded)
            {
                return new Refusal(RefusalKind.Forbidden, "guarded_tag", $"The policy has a rule on targets with the tag \"{Faults.Short(guarded)}\": who has it is changed by a person, signed in with name and password, by no run and no token.");
            }

            unit.Update<IndicatorRow>(row.Id, unit.VersionToBuildOn<IndicatorRow>(row.Id, row.Version), (nameof(row.Tags), written));
            unit.Audit(caller, time.GetUtcNow(), "changed", "indicator", row.Id, content: new() { ["tags"] = Faults.Short(written) });
        }

        return default(Done);
    }

    /// <summary>A tag that would come or go and that a rule of the policy looks for, or null.</summary>
    private async Task<string?> Guarded(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        foreach (var tag in before.Except(after).Concat(after.Except(before)))
        {
            if (await policies.Guards(tag))
            {
                return tag;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        // What is under way uses the store, which goes right after.
        await _one.WaitAsync();
    }

    private async Task Follow()
    {
        try
        {
            // Alerts come in bursts, and the playbooks they start go first.
            if (options.IndicatorsAfter > TimeSpan.Zero)
            {
                await Task.Delay(options.IndicatorsAfter, time, _end.Token);
            }

            // Whoever comes from here on wakes it again.
            Volatile.Write(ref _awake, 0);
            var more = true;
            await Patience.Until(
                async () =>
                {
                    while (more)
                    {
                        more = await Make(Where.All, _end.Token);
                    }

                    return true;
                },
                () => log.LogWarning("Indicators wait for the store to write again."),
                time,
                _end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The outbox keeps it for the next start.
        }
        catch (Exception exception)
        {
            Volatile.Write(ref _awake, 0);
            log.LogError(exception, "Indicators could not be made; the outbox keeps what is to do.");
        }
    }

    /// <summary>One batch; false when nothing was left.</summary>
    private async Task<bool> Make(Where of, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var outcome = await Units.Decide(store, unit => Write(unit, of), ct);
            if (outcome.Refusal is { } refusal)
            {
                throw new StoreUnavailableException(refusal.Message);
            }

            return outcome.Value;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Outcome<bool>> Write(Unit unit, Where of)
    {
        unit.GoOnBeforeDisk();
        var triggers = await store.Select<TriggerRow>(new Query { Where = of & Where.Is(nameof(TriggerRow.Indicated), false), Limit = Batch });
        var artifacts = new Dictionary<long, ArtifactRow>();
        foreach (var trigger in triggers)
        {
            unit.Update<TriggerRow>(trigger.Id, null, (nameof(trigger.Indicated), true));
            foreach (var artifact in await Artifacts(trigger))
            {
                artifacts[artifact.Id] = artifact;
            }
        }

        foreach (var tenant in artifacts.Values.SelectMany(Sighting.In).GroupBy(sighting => sighting.Artifact.TenantId))
        {
            await Write(unit, tenant.Key, [.. tenant]);
        }

        return triggers.Count == Batch;
    }

    /// <summary>Those that came since the entry before this one, or the one that was changed.</summary>
    private async Task<IReadOnlyList<ArtifactRow>> Artifacts(TriggerRow trigger)
    {
        if (trigger.ArtifactId is { } one)
        {
            return await store.Find<ArtifactRow>(one) is { } artifact ? [artifact] : [];
        }

        var ofContainer = Where.Is(nameof(TriggerRow.ContainerId), trigger.ContainerId);
        var before = await store.Select<TriggerRow>(new Query
        {
            Where = ofContainer & Where.Is(nameof(TriggerRow.Indicated), true) & new Compare(nameof(TriggerRow.ArtifactId), Comparison.IsNull, true),
            Order = [(nameof(TriggerRow.UpTo), true)],
            Limit = 1,
        });
        return await store.Select<ArtifactRow>(Query.For(ofContainer
            & new Compare(nameof(ArtifactRow.Number), Comparison.Greater, before.Count == 0 ? 0 : before[0].UpTo)
            & new Compare(nameof(ArtifactRow.Number), Comparison.LessOrEqual, trigger.UpTo)));
    }

    private async Task Write(Unit unit, long tenant, IReadOnlyList<Sighting> sightings)
    {
        var byHash = sightings.GroupBy(sighting => sighting.Hash).ToList();
        var known = (await store.Select<IndicatorRow>(Query.For(
            Where.Is(nameof(IndicatorRow.TenantId), tenant) & Where.In(nameof(IndicatorRow.ValueHash), byHash.Select(group => (object?)group.Key))))).ToDictionary(row => row.ValueHash);
        var now = time.GetUtcNow();
        foreach (var group in byHash)
        {
            var (contains, fields) = (group.SelectMany(sighting => sighting.Contains), group.Select(sighting => sighting.Field));
            var (first, last) = (group.Min(sighting => sighting.Artifact.CreatedAt), group.Max(sighting => sighting.Artifact.CreatedAt));
            long id;
            if (known.TryGetValue(group.Key, out var row))
            {
                id = row.Id;
                unit.Update<IndicatorRow>(
                    id,
                    row.Version,
                    (nameof(row.Contains), With(row.Contains, contains)),
                    (nameof(row.Fields), With(row.Fields, fields)),
                    (nameof(row.EarliestTime), first < row.EarliestTime ? first : row.EarliestTime),
                    (nameof(row.LatestTime), last > row.LatestTime ? last : row.LatestTime));
            }
            else
            {
                id = store.NextId<IndicatorRow>();
                unit.Insert(new IndicatorRow
                {
                    Id = id,
                    TenantId = tenant,
                    CreatedAt = now,
                    UpdatedAt = now,
                    Value = group.First().Value,
                    ValueHash = group.Key,
                    Contains = With("[]", contains),
                    Fields = With("[]", fields),
                    EarliestTime = first,
                    LatestTime = last,
                });
            }

            foreach (var (artifact, field) in group.Select(sighting => (sighting.Artifact, sighting.Field)).DistinctBy(seen => (seen.Artifact.Id, seen.Field)))
            {
                unit.Upsert(
                    new IndicatorArtifactRow { Id = store.NextId<IndicatorArtifactRow>(), TenantId = tenant, IndicatorId = id, ArtifactId = artifact.Id, ContainerId = artifact.ContainerId, Field = field },
                    nameof(IndicatorArtifactRow.IndicatorId),
                    nameof(IndicatorArtifactRow.ArtifactId),
                    nameof(IndicatorArtifactRow.Field));
            }
        }
    }

    private static string With(string known, IEnumerable<string> more) => Texts.Write(Texts.Read(known).Concat(more).Distinct(StringComparer.Ordinal).Take(Limits.Tags));
}

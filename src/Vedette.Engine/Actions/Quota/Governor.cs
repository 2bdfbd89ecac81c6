using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Apps;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Actions.Quota;

/// <summary>The quota of each asset, across all runs.</summary>
internal sealed class Governor : IDisposable
{
    private readonly IApps _apps;
    private readonly IQuotaLease _lease;
    private readonly TimeProvider _time;
    private readonly ILogger<Governor> _log;
    private readonly ConcurrentDictionary<long, (Manifest App, AssetQuota Quota)> _assets = new();

    public Governor(IApps apps, IQuotaLease lease, TimeProvider time, ILogger<Governor> log)
    {
        (_apps, _lease, _time, _log) = (apps, lease, time, log);
        apps.AssetChanged += TakeNewLimits;
    }

    public Task<QuotaAnswer> Enter(Apps.ActionTarget target, AssetSettings settings, QuotaCall call, CancellationToken ct)
    {
        var limits = QuotaLimits.Of(target.Asset, target.Connector.Manifest, settings);
        return Of(target, limits).Enter(limits, call, ct);
    }

    public void CountShared(Apps.ActionTarget target, QuotaLimits limits) => Of(target, limits).CountShared();

    /// <summary>What an action waits for; null where it does not wait here.</summary>
    public QuotaWait? WaitOf(long asset, long result) => _assets.TryGetValue(asset, out var one) ? one.Quota.WaitOf(result) : null;

    /// <summary>Null where no call of the asset was let go since the start.</summary>
    public QuotaState? State(long asset) => _assets.TryGetValue(asset, out var one) ? one.Quota.State() : null;

    /// <summary>Of all assets that were called since the start.</summary>
    public IReadOnlyList<QuotaState> States() => [.. _assets.OrderBy(one => one.Key).Select(one => one.Value.Quota.State())];

    public void Dispose()
    {
        _apps.AssetChanged -= TakeNewLimits;
        foreach (var (_, quota) in _assets.Values)
        {
            quota.Dispose();
        }
    }

    /// <summary>Calls that wait already have the new limits at once: who lifts one that is too narrow need not wait for the old.</summary>
    private void TakeNewLimits(AssetId id)
    {
        if (_assets.TryGetValue(id.Value, out var one))
        {
            _ = Task.Run(() => TakeNewLimits(id, one.App, one.Quota));
        }
    }

    private async Task TakeNewLimits(AssetId id, Manifest app, AssetQuota quota)
    {
        try
        {
            var asset = (await _apps.Catalogue()).Assets.FirstOrDefault(row => row.Id == id.Value);
            if (asset is not null && _apps.Open(asset).Ok(out var settings, out _))
            {
                quota.Limit(QuotaLimits.Of(asset, app, settings));
            }
        }
        catch (Exception exception)
        {
            // The next call of the asset brings them.
            _log.LogWarning("The new limits of asset {Asset} are not known yet: {Message}", id.Value, exception.Message);
        }
    }

    private AssetQuota Of(Apps.ActionTarget target, QuotaLimits limits) =>
        _assets.GetOrAdd(target.Asset.Id, id => (target.Connector.Manifest, new AssetQuota(id, limits, _lease, _time))).Quota;
}

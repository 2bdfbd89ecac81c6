using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Sdk;

namespace Vedette.Engine.Actions.Quota;

/// <summary>What may be asked of an asset: its own settings, else what its app says.</summary>
/// <param name="AtOnce">Calls under way.</param>
/// <param name="PerSecond">Evenly spaced; null for no limit.</param>
/// <param name="PerInterval">Beside it; null for no limit.</param>
/// <param name="BreakerFailures">Calls in a row that fail before it is left alone; 0 for never.</param>
/// <param name="AnswersGoodFor">How old an answer may be that is given to the same question; zero: each asks for itself.</param>
internal sealed record QuotaLimits(int AtOnce, double? PerSecond, QuotaInterval? PerInterval, int BreakerFailures, TimeSpan BreakerPause, TimeSpan AnswersGoodFor)
{
    public static QuotaLimits Of(AssetRow asset, Manifest app, AssetSettings settings)
    {
        var own = (JsonObject)JsonNode.Parse(asset.Configuration)!;
        return new QuotaLimits(
            (int)(asset.Concurrency ?? app.Concurrency),
            // Of the settings in force: the default of the app counts where nothing was entered.
            settings.RequestsPerSecond,
            PlatformSettings.Number(own, PlatformSettings.CallsPerInterval) is { } calls
                ? new QuotaInterval((int)calls, TimeSpan.FromSeconds(PlatformSettings.Number(own, PlatformSettings.IntervalSeconds) ?? 1), (int)(PlatformSettings.Number(own, PlatformSettings.Burst) ?? 1))
                : null,
            (int)(PlatformSettings.Number(own, PlatformSettings.BreakerFailures) ?? 10),
            TimeSpan.FromSeconds(PlatformSettings.Number(own, PlatformSettings.BreakerPause) ?? 30),
            TimeSpan.FromSeconds(PlatformSettings.Number(own, PlatformSettings.AnswersGoodFor) ?? 0));
    }

    /// <summary>How often calls may leave, in words.</summary>
    public string Words => string.Join(
        " and ",
        new[]
        {
            PerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate:0.###} in a second") : null,
            PerInterval is { } per ? string.Create(CultureInfo.InvariantCulture, $"{per.Calls} in {per.Length.TotalSeconds:0.###} seconds") : null,
        }.OfType<string>());

    /// <summary>Buckets that are empty at a moment.</summary>
    public IReadOnlyList<Bucket> Buckets(TimeSpan since)
    {
        var buckets = new List<Bucket>();
        if (PerSecond is { } rate)
        {
            buckets.Add(new Bucket(1, TimeSpan.FromSeconds(1 / rate), 1, since));
        }

        if (PerInterval is { } per)
        {
            buckets.Add(new Bucket(per.Calls, per.Length, per.Burst, since));
        }

        return buckets;
    }
}

internal sealed record QuotaInterval(int Calls, TimeSpan Length, int Burst);

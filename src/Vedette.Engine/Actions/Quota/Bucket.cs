namespace Vedette.Engine.Actions.Quota;

/// <summary>
/// At most <paramref name="calls"/> in any stretch of <paramref name="interval"/>, wherever it begins; of these <paramref name="burst"/> may come
/// at once. The more at once, the slower it fills afterwards: that is what keeps the limit in every stretch and not only on the average.
/// It begins empty.
/// </summary>
/// <param name="since">When it was empty. All moments are measured from one start.</param>
internal sealed class Bucket(int calls, TimeSpan interval, int burst, TimeSpan since)
{
    private readonly TimeSpan _each = interval / (calls - burst + 1);

    private TimeSpan _fullAt = since + (interval / (calls - burst + 1) * burst);

    /// <summary>When the next call may leave.</summary>
    public TimeSpan OpensAt => _fullAt - (_each * (burst - 1));

    public void Take(TimeSpan now) => _fullAt = (_fullAt > now ? _fullAt : now) + _each;
}

namespace Vedette.Bench;

/// <summary>Durations in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> _all = [];

    public void Add(TimeSpan each) => _all.Add(each.TotalMilliseconds);

    public void Add(IEnumerable<TimeSpan> all)
    {
        foreach (var each in all)
        {
            Add(each);
        }
    }

    /// <param name="share">0.5 is the median.</param>
    public double At(double share)
    {
        _all.Sort();
        return _all.Count == 0 ? double.NaN : _all[Math.Min(_all.Count - 1, (int)Math.Ceiling(share * _all.Count) - 1)];
    }

    public string Both() => FormattableString.Invariant($"p50 {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms");
}

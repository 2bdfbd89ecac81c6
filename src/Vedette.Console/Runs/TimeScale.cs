namespace Vedette.Console.Runs;

/// <summary>
/// From a time to a place between 0 and 1. The work of machines keeps its scale; a stretch in which nothing works (a person is waited for, or
/// a run's turn) is cut short, or one answer after an hour would leave the rest a line.
/// </summary>
public sealed class TimeScale
{
    /// <summary>A stretch is cut when it is longer than this share of all work, and is drawn as long as that.</summary>
    private const double Share = 0.25;

    private readonly List<(DateTimeOffset At, double Units)> _marks = [];
    private readonly double _whole;

    /// <param name="work">When something worked.</param>
    public TimeScale(DateTimeOffset from, DateTimeOffset to, IEnumerable<(DateTimeOffset From, DateTimeOffset To)> work)
    {
        var busy = new List<(DateTimeOffset From, DateTimeOffset To)>();
        foreach (var one in work.Where(one => one.To >= from && one.From <= to).OrderBy(one => one.From))
        {
            if (busy.Count > 0 && one.From <= busy[^1].To)
            {
                busy[^1] = (busy[^1].From, one.To > busy[^1].To ? one.To : busy[^1].To);
            }
            else
            {
                busy.Add(one);
            }
        }

        var longest = Math.Max(0.2, Share * busy.Sum(one => (one.To - one.From).TotalSeconds));
        var cuts = new List<Cut>();
        var (at, units) = (from, 0.0);
        _marks.Add((from, 0));
        void Go(DateTimeOffset until, bool idle)
        {
            var seconds = Math.Max(0, (until - at).TotalSeconds);
            var cut = idle && seconds > longest;
            if (cut)
            {
                cuts.Add(new Cut(units + (longest / 2), until - at));
            }

            units += cut ? longest : seconds;
            at = until > at ? until : at;
            _marks.Add((at, units));
        }

        foreach (var one in busy)
        {
            Go(one.From, true);
            Go(one.To, false);
        }

        Go(to, true);
        _whole = Math.Max(units, 0.001);
        Cuts = cuts.ConvertAll(cut => cut with { Place = cut.Place / _whole });
    }

    /// <summary>Where the axis is broken.</summary>
    public IReadOnlyList<Cut> Cuts { get; }

    public double PlaceOf(DateTimeOffset time)
    {
        for (var at = 1; at < _marks.Count; at++)
        {
            var (before, after) = (_marks[at - 1], _marks[at]);
            if (time <= after.At)
            {
                var length = (after.At - before.At).TotalSeconds;
                var part = length <= 0 ? 0 : Math.Clamp((time - before.At).TotalSeconds / length, 0, 1);
                return (before.Units + (part * (after.Units - before.Units))) / _whole;
            }
        }

        return 1;
    }

    /// <param name="Place">Of its middle.</param>
    /// <param name="Left">What is left out there, about.</param>
    public sealed record Cut(double Place, TimeSpan Left);
}

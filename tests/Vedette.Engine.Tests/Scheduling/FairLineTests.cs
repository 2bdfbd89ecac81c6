using Vedette.Engine.Scheduling;

namespace Vedette.Engine.Tests.Scheduling;

public sealed class FairLineTests
{
    [Fact]
    public void OneSourceSendsAStorm_AnotherOfTheSameSeverityIsNextButOneAndHighSeverityIsNext()
    {
        var line = new FairLine<string>();
        for (var i = 0; i < 10_000; i++)
        {
            line.Add(new Urgency(1, new Source(0, 1, "storm")), $"storm {i}");
        }

        line.Add(new Urgency(1, new Source(0, 2, "quiet")), "quiet 0");
        line.Add(new Urgency(1, new Source(0, 2, "quiet")), "quiet 1");
        line.Add(new Urgency(2, new Source(0, 3, "low")), "low");
        line.Add(new Urgency(0, new Source(0, 1, "storm")), "high");

        Assert.Equal(["high", "storm 0", "quiet 0", "storm 1", "quiet 1", "storm 2"], Enumerable.Range(0, 6).Select(_ => line.Take()!.Item));
    }

    [Fact]
    public void HighSeverityNeverEnds_TheOldestStillGoesAsEveryEighth()
    {
        var line = new FairLine<int>();
        line.Add(new Urgency(2, default), -1);
        var gone = new List<int>();
        for (var i = 0; i < 16; i++)
        {
            line.Add(new Urgency(0, default), i);
            line.Add(new Urgency(0, default), i);
            gone.Add(line.Take()!.Item);
        }

        Assert.Equal(7, gone.IndexOf(-1));
    }

    /// <summary>Whatever is added, taken and given up: each goes once, and none that was given up.</summary>
    [Fact]
    public void AnyOrderOfActs_EachGoesOnce()
    {
        var seed = Random.Shared.Next();
        var chance = new Random(seed);
        var line = new FairLine<int>();
        var open = new Dictionary<int, FairLine<int>.Place>();
        for (var i = 0; i < 20_000; i++)
        {
            switch (chance.Next(4))
            {
                case 0 when open.Count > 0:
                    var (given, place) = open.ElementAt(chance.Next(Math.Min(open.Count, 20)));
                    Assert.True(line.Remove(place), $"Seed {seed}");
                    Assert.False(line.Remove(place), $"Seed {seed}");
                    open.Remove(given);
                    break;
                case 1:
                    var next = line.Take();
                    Assert.True(next is null ? open.Count == 0 : open.Remove(next.Item), $"Seed {seed}");
                    break;
                default:
                    open[i] = line.Add(new Urgency(chance.Next(3), new Source(0, chance.Next(4), "")), i);
                    break;
            }

            Assert.Equal(open.Count, line.Count);
        }
    }
}

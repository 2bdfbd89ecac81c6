using Vedette.Console.Runs;

namespace Vedette.Console.Tests;

public sealed class WaterfallTests
{
    private static readonly DateTimeOffset Zero = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Work_KeepsItsScale_AndWaitingIsCutShort()
    {
        var scale = new TimeScale(Zero, At(3602), [(Zero, At(1)), (At(0.5), At(2)), (At(3600), At(3602))]);

        var cut = Assert.Single(scale.Cuts);
        Assert.Equal(TimeSpan.FromSeconds(3598), cut.Left);
        Assert.Equal(scale.PlaceOf(At(2)) - scale.PlaceOf(Zero), scale.PlaceOf(At(3602)) - scale.PlaceOf(At(3600)), 6);
        Assert.Equal(0.2, scale.PlaceOf(At(3600)) - scale.PlaceOf(At(2)), 6);
        Assert.Equal(1, scale.PlaceOf(At(3602)), 6);
    }

    [Fact]
    public void NoTimeAtAll_HasAPlaceForEverything()
    {
        var scale = new TimeScale(Zero, Zero, []);

        Assert.InRange(scale.PlaceOf(Zero), 0, 1);
        Assert.InRange(scale.PlaceOf(At(5)), 0, 1);
    }

    [Theory]
    [InlineData("failed", "7", "12", "100", "/runs?status=failed&playbook=7&event=12&after=100")]
    [InlineData("nonsense", "x", "-1", "", "/runs")]
    [InlineData("open", null, null, null, "/runs?status=open")]
    public void FilterInTheAddress_IsReadAndWrittenAgain(string? status, string? playbook, string? about, string? after, string url) =>
        Assert.Equal(url, RunFilter.Parse(status, playbook, about, after).Url);

    private static DateTimeOffset At(double seconds) => Zero.AddSeconds(seconds);
}

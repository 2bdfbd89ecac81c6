using System.Net;
using Vedette.Sdk;
using Vedette.WayOut;

namespace Vedette.Connectors.Tests;

public sealed class WayOutTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::1]")]
    [InlineData("169.254.169.254")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("[64:ff9b::169.254.169.254]")]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    public async Task T11_AddressNotNamed_IsRefusedInAllSpellings(string host)
    {
        using var factory = new WayOutFactory();
        var way = factory.For(new WayOutScope("a", ["named.example"], PublicToo: true));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}:1/");
        var sent = await Assert.ThrowsAsync<WayOutException>(() => way.Send(request, new TlsCheck(), TestContext.Current.CancellationToken));
        Assert.Equal(FaultKind.NotAllowed, sent.Fault.Where);
        var connected = await Assert.ThrowsAsync<WayOutException>(
            () => way.Connect(host.Trim('[', ']'), 1, null, TestContext.Current.CancellationToken));
        Assert.Equal(FaultKind.NotAllowed, connected.Fault.Where);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", true)]
    public async Task T11_NameAnswersWithAnotherAddress_IsJudgedAtConnecting(string address, bool named)
    {
        using var factory = new WayOutFactory(new WayOutOptions { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]) });
        var way = factory.For(new WayOutScope("a", named ? ["turns.example"] : ["other.example"], PublicToo: true));
        var refused = await Assert.ThrowsAsync<WayOutException>(
            () => way.Connect("turns.example", 80, null, TestContext.Current.CancellationToken));
        Assert.Equal(FaultKind.NotAllowed, refused.Fault.Where);
    }
}

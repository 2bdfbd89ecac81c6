namespace Vedette.Model.Tests;

public sealed class NetworksTests
{
    [Theory]
    [InlineData("192.168.0.1/16", "192.168.77.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("10.0.0.0/255.0.0.0", "10.9.9.9", true)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("fe80::/10", "fe80::1", true)]
    [InlineData("::/0", "10.0.0.1", false)]
    [InlineData("", "10.0.0.1", false)]
    [InlineData("10.0.0.0/33", "10.0.0.1", false)]
    [InlineData("10.0.0.0/8", "junk", false)]
    public void Contains(string network, string address, bool inside) => Assert.Equal(inside, Networks.Contains(network, address));

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0", false)]
    [InlineData("10.0.0.256", false)]
    [InlineData("010.0.0.1", false)]
    [InlineData("1", false)]
    [InlineData("[::1]:80", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsIp(string? text, bool isIp) => Assert.Equal(isIp, Networks.IsIp(text));

    [Theory]
    [InlineData("10.0.0.1/8", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("/8", false)]
    [InlineData("10.0.0.0/x", false)]
    [InlineData("10.0.0.0/255.0.255.0", false)]
    [InlineData("", false)]
    public void IsNetwork(string text, bool isNetwork) => Assert.Equal(isNetwork, Networks.IsNetwork(text));

    [Theory]
    [InlineData("mail.example.co.uk", "example.co.uk")]
    [InlineData("a.b.Example.com.", "example.com")]
    [InlineData("example.com", "example.com")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("localhost", "localhost")]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("fe80::1", "fe80::1")]
    [InlineData("", "")]
    [InlineData(".com", ".com")]
    public void Registrable(string host, string domain) => Assert.Equal(domain, Domains.Registrable(host));
}

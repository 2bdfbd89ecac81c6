using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vedette.Connectors.Shodan;
using Vedette.Lab;
using Vedette.Sdk;

namespace Vedette.Connectors.Tests;

/// <summary>The Shodan connector against the lab's API: messages, summaries and data as playbooks know them.</summary>
public sealed class ShodanTests
{
    [Fact]
    public async Task Address_GivesABannerPerItemAndTheSummaryOfTheOriginal()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await Run(lab, "query ip", new { ip = "198.51.100.77" });
        Assert.True(answer.Success, answer.Message);
        Assert.Equal(["results", "country", "open_ports", "hostnames"], answer.Summary.Select(pair => pair.Key));
        Assert.Equal(answer.Data.Count, (int)answer.Summary["results"]!);
        Assert.Equal(AutomaticMessage.From(answer.Summary), answer.Message);
        Assert.All(answer.Data, banner => Assert.Equal("198.51.100.77", (string?)banner!["ip_str"]));
    }

    [Fact]
    public async Task Domain_WithoutAnyMatch_IsASuccessOfNoResults()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await Run(lab, "query domain", new { domain = "nobody-knows.example" });
        Assert.Equal("Results: 0", answer.Message);
        Assert.True(answer.Success);
        Assert.Equal(2, await lab.Calls("shodan"));
    }

    [Fact]
    public async Task AddressNobodyKnows_IsAFailureInShodansWords()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await Run(lab, "query ip", new { ip = "8.8.8.8" });
        Assert.False(answer.Success);
        Assert.Equal("No information available for that IP.", answer.Message);
    }

    [Theory]
    [InlineData("\"banner \\ud83d\\ude00 \\\\ud800\"", "banner 😀 \\ud800")]
    [InlineData("\"half \\ud800 \\ude00\\ud83d\"", "half \ufffd \ufffd\ufffd")]
    [InlineData("\"bytes \xff\xe9\"", "bytes \ufffd\ufffd")]
    [InlineData("\"nul \\u0000 end\"", "nul \0 end")]
    public async Task Banner_OfOddCharacters_IsReadAndNeverBreaksTheAction(string json, string text)
    {
        var body = Encoding.Latin1.GetBytes($"{{\"data\":[{{\"data\":{json},\"serial\":{new string('9', 60)}}}],\"ports\":[443]}}");
        await using var server = await Serve([.. Encoding.UTF8.Preamble, .. body]);
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new ShodanConnector(), "query ip", new { ip = "198.51.100.77" }, new() { ["base_url"] = server.Urls.First(), ["api_key"] = "long-enough-key" });
        Assert.True(answer.Success, answer.Message);
        Assert.Equal(text, (string?)answer.Data[0]!["data"]);
        Assert.Equal(new string('9', 60), answer.Data[0]!["serial"]!.ToJsonString());
    }

    private static async Task<WebApplication> Serve(byte[] body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync(body);
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static Task<ActionAnswer> Run(AtTheLab lab, string action, object parameters) => lab.Run(
        new ShodanConnector(), action, parameters, new() { ["base_url"] = lab.Lab.ShodanUrl, ["api_key"] = LabCredentials.ShodanKey });
}

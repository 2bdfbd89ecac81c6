using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Vedette.Engine.Containers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Server.Tests;

/// <summary>Bodies that are broken, of the wrong type or far too large: the sender hears what and where, nothing is stored, the server goes on.</summary>
public sealed class BadBodyTests
{
    private static readonly string[] Routes = ["/rest/container", "/rest/artifact", "/rest/playbook_run"];

    [Fact]
    public async Task UnreadableBody_IsRefusedWithThePlaceAndNothingIsStored()
    {
        await using var site = await Site.Open();
        (byte[] Body, string Said)[] cases =
        [
            ([], "The body is empty"),
            ("{\"name\":\"x\",\"label\":\"ev"u8.ToArray(), "no JSON that can be read (line 1, byte 2"),
            ("{\"name\":\"x\"\n\"label\":\"events\"}"u8.ToArray(), "(line 2, byte 0)"),
            ([.. "{\"name\":\"a"u8, 0xff, 0xfe, .. "\",\"label\":\"events\"}"u8], "not UTF-8: the byte at 10"),
            ("{\"name\":\"\\ud800\",\"label\":\"events\"}"u8.ToArray(), "half of a surrogate pair"),
            (Encoding.ASCII.GetBytes($"{{\"name\":\"x\",\"label\":\"events\",\"data\":{string.Concat(Enumerable.Repeat("{\"a\":", 10_000))}1{new string('}', 10_001)}"), "nested deeper than 64 levels"),
            (Encoding.ASCII.GetBytes(new string('[', 10_000) + new string(']', 10_000)), "nested deeper than 64 levels"),
            ("7"u8.ToArray(), "has to be a JSON object and is a number"),
            ("\"text\""u8.ToArray(), "has to be a JSON object and is text"),
        ];
        foreach (var route in Routes)
        {
            foreach (var (bytes, said) in cases)
            {
                var (status, body) = await site.Post(route, new ByteArrayContent(bytes));

                Assert.Equal(400, status);
                Assert.True(body.GetProperty("failed").GetBoolean());
                Assert.Contains(said, body.GetProperty("message").GetString(), StringComparison.Ordinal);
            }
        }

        await NothingIsStored(site);
        await site.AlertStillBecomesTicket();
    }

    [Fact]
    public async Task WrongType_IsRefusedByTheFieldsName()
    {
        await using var site = await Site.Open();
        (string Fields, string Said)[] cases =
        [
            ("\"severity\":[\"high\"]", "severity has to be text and is a list"),
            ("\"severity\":\"enormous\"", "\"enormous\""),
            ("\"data\":\"text\"", "data has to be an object and is text"),
            ("\"custom_fields\":[1]", "custom_fields has to be an object and is a list"),
            ("\"tags\":{\"a\":1}", "tags has to be a list of text and is an object"),
            ("\"start_time\":\"yesterday\"", "start_time is no time in ISO 8601"),
            ("\"asset_id\":\"splunk\"", "asset_id has to be a whole number"),
            ("\"asset_id\":4711", "there is no asset 4711"),
            ("\"label\":\"no-such-label\"", "Label \"no-such-label\" is not a known label"),
            ("\"run_automation\":\"perhaps\"", "run_automation has to be true or false"),
            ("\"artifacts\":\"text\"", "artifacts has to be a list of objects and is text"),
            ("\"artifacts\":[{},7]", "artifacts[1] has to be an object and is a number"),
            ("\"artifacts\":[{},{\"severity\":[]}]", "artifacts[1]: severity has to be text and is a list"),
        ];
        foreach (var (fields, said) in cases)
        {
            // The later of two equal names counts, so a case can replace the good label.
            var (status, body) = await site.Post("/rest/container", $$"""{"name":"x","label":"events",{{fields}}}""");

            Assert.Equal(400, status);
            Assert.Contains(said, body.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        await NothingIsStored(site);
    }

    [Fact]
    public async Task WrongTypeInArtifact_IsRefusedByTheFieldsName()
    {
        await using var site = await Site.Open();
        var container = await site.QuietEvent();
        (string Fields, string Said)[] cases =
        [
            ("\"cef\":\"text\"", "cef has to be an object and is text"),
            ("\"cef\":[1,2]", "cef has to be an object and is a list"),
            ("\"cef_types\":{\"a\":\"ip\"}", "cef_types.a has to be a list of text"),
            ("\"severity\":{}", "severity has to be text and is an object"),
            ("\"container_id\":\"x\"", "container_id has to be a whole number"),
        ];
        foreach (var (fields, said) in cases)
        {
            var (status, body) = await site.Post("/rest/artifact", $$"""{"container_id":{{container}},{{fields}}}""");

            Assert.Equal(400, status);
            Assert.Contains(said, body.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, (await site.Get($"/rest/container/{container}")).GetProperty("artifact_count").GetInt64());
    }

    [Fact]
    public async Task ListOfNumbers_EachElementIsAnsweredByItsPlace()
    {
        await using var site = await Site.Open();

        var (status, body) = await site.Post("/rest/container", """[1,{"name":"good","label":"events"},"text"]""");

        Assert.Equal(200, status);
        Assert.Equal("Element 0 of the list has to be an object and is a number.", body[0].GetProperty("message").GetString());
        Assert.True(body[1].GetProperty("success").GetBoolean());
        Assert.Equal("Element 2 of the list has to be an object and is text.", body[2].GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FortyMegabytes_AreRefusedWithTheLimit(bool withoutLength)
    {
        await using var site = await Site.Open();
        var bytes = new byte[40 << 20];
        bytes.AsSpan().Fill((byte)' ');
        foreach (var route in Routes)
        {
            HttpContent content = withoutLength ? new StreamContent(new MemoryStream(bytes)) : new ByteArrayContent(bytes);
            content.Headers.ContentLength = withoutLength ? null : bytes.Length;
            using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = content };
            request.Headers.TransferEncodingChunked = withoutLength;

            using var response = await site.Client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(413, (int)response.StatusCode);
            Assert.Contains("larger than 32 MB", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await NothingIsStored(site);
        await site.AlertStillBecomesTicket();
    }

    [Fact]
    public async Task ThousandArtifactsAreTaken_MoreAreRefusedWithTheLimit()
    {
        await using var site = await Site.Open();
        string Alert(int artifacts) => JsonSerializer.Serialize(new
        {
            name = "many",
            label = "events",
            run_automation = false,
            artifacts = Enumerable.Range(0, artifacts).Select(i => new { cef = new { n = $"{i}" } }),
        });

        var (refused, why) = await site.Post("/rest/container", Alert(10_000));
        var (taken, answer) = await site.Post("/rest/container", Alert(Limits.ArtifactsPerAlert));

        Assert.Equal(413, refused);
        Assert.Contains($"has 10000 artifacts; {Limits.ArtifactsPerAlert} are allowed. Post the container first", why.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True(taken == 200, answer.ToString());
        Assert.Equal(Limits.ArtifactsPerAlert, (await site.Get($"/rest/container/{answer.GetProperty("id")}")).GetProperty("artifact_count").GetInt64());
        Assert.Equal(1, await site.Server.Store.Count<ContainerRow>(Where.All, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/xml; charset=utf-16")]
    [InlineData("multipart/form-data")]
    [InlineData("a,b;;=")]
    public async Task AnyContentType_TheBodyCountsAndNotTheHeader(string? type)
    {
        await using var site = await Site.Open();
        var content = new ByteArrayContent("""{"name":"x","label":"events"}"""u8.ToArray());
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var (status, body) = await site.Post("/rest/container", content);

        Assert.Equal(200, status);
        Assert.True(body.GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task BodyThatDoesNotArriveWhole_IsAnsweredInJson()
    {
        await using var site = await Site.Open();
        using var client = new TcpClient();
        await client.ConnectAsync(site.Server.Url.Host, site.Server.Url.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /rest/container HTTP/1.1\r\nHost: x\r\nConnection: close\r\nph-auth-token: {site.Token}\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("The request did not arrive whole: ", answer, StringComparison.Ordinal);
        await NothingIsStored(site);
    }

    private static async Task NothingIsStored(Site site) => Assert.Equal(0, await site.Server.Store.Count<ContainerRow>(Where.All, TestContext.Current.CancellationToken));
}

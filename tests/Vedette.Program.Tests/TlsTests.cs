using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vedette.Program.Tests;

public sealed class TlsTests : ProgramTest
{
    [Fact]
    public async Task T12_FirstStart_ShowsTheSelfMadeCertificateItPrinted()
    {
        await using var server = await Serve("--urls", "https://127.0.0.1:0");

        var printed = (await server.Line("Self-made certificate, SHA-256 ")).Split(' ')[^1];

        Assert.Equal(printed, Fingerprint((await Shown(server.Url))[0]));
        Assert.Equal(0, (await AsAdmin("status")).Status);
        Assert.Equal(0, (await Program.Run(["status", "--url", server.Url.ToString(), "--user", "admin", "--fingerprint", printed], Password + "\n")).Status);
        var stranger = await Program.Run(["status", "--url", server.Url.ToString(), "--user", "admin"], Password + "\n");
        Assert.Equal(1, stranger.Status);
        Assert.Contains("is not trusted", stranger.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T12_FilesReplaced_ANewConnectionSeesTheNewCertificate()
    {
        var first = Write("first");
        await using var server = await Serve("--urls", "https://127.0.0.1:0", "--certificate", Beside("tls.crt"), "--certificate-key", Beside("tls.key"));
        Assert.Equal(first, Fingerprint((await Shown(server.Url))[0]));

        var second = Write("second");

        Assert.Equal(second, Fingerprint((await Shown(server.Url))[0]));
    }

    [Fact]
    public async Task T12_NewFileThatDoesNotFit_TheCertificateBeforeStaysAndTheLogSaysWhy()
    {
        var first = Write("first");
        await using var server = await Serve("--urls", "https://127.0.0.1:0", "--certificate", Beside("tls.crt"), "--certificate-key", Beside("tls.key"));

        await File.WriteAllTextAsync(Beside("tls.key"), "half a key", Ct);

        Assert.Equal(first, Fingerprint((await Shown(server.Url))[0]));
        await server.Line("The certificate before stays in force.");
        Assert.Equal(Write("second"), Fingerprint((await Shown(server.Url))[0]));
    }

    [Fact]
    public async Task T12_FilesThatCannotBeUsed_TheStartIsRefused()
    {
        Write("first");
        await File.WriteAllTextAsync(Beside("tls.key"), "half a key", Ct);

        var ended = await Program.Run(["serve", "--data", Data, "--urls", "https://127.0.0.1:0", "--certificate", Beside("tls.crt"), "--certificate-key", Beside("tls.key")]);

        Assert.Equal(1, ended.Status);
        Assert.Contains($"The certificate {Beside("tls.crt")} with the key {Beside("tls.key")} cannot be used", ended.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T12_WhatStandsBetweenCertificateAndRoot_IsShownToo()
    {
        Write("signed", byIntermediate: true);
        await using var server = await Serve("--urls", "https://127.0.0.1:0", "--certificate", Beside("tls.crt"), "--certificate-key", Beside("tls.key"));

        var shown = await Shown(server.Url);

        Assert.Equal(["CN=signed", "CN=between"], shown.Select(certificate => certificate.Subject));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("https://127.0.0.1:0;http://192.0.2.7:8080")]
    public async Task T12_PlainHttpOnAnotherAddress_IsRefused(string urls)
    {
        var ended = await Program.Run(["serve", "--data", Data, "--urls", urls]);

        Assert.Equal(1, ended.Status);
        Assert.Contains("would carry passwords and tokens in the clear. Use https, or name the proxy", ended.Complained, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task T12_PlainHttpBehindANamedProxy_IsTaken()
    {
        await using var server = await Serve("--urls", "http://0.0.0.0:0", "--proxy", "10.0.0.5");

        Assert.Equal("http", server.Url.Scheme);
    }

    [Fact]
    public async Task T12_CommandToPlainHttpElsewhere_SendsNothing()
    {
        var ended = await Program.Run(["status", "--url", "http://192.0.2.7:8080", "--user", "admin"], Password + "\n");

        Assert.Equal(1, ended.Status);
        Assert.Contains("would be sent passwords and tokens in the clear", ended.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProxyThatIsNoAddress_IsAnError()
    {
        var ended = await Program.Run(["serve", "--data", Data, "--proxy", "proxy.example"]);

        Assert.Equal(1, ended.Status);
        Assert.Contains("\"proxy.example\" is not the address of a proxy", ended.Complained, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("10.0.0.5", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.9")]
    public async Task T09_ForwardedHeader_CountsOnlyFromANamedProxy(string? proxy, string recorded)
    {
        await using var server = await Serve(proxy is null ? [] : ["--proxy", proxy]);
        using var admin = Admin(server.Url);
        admin.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1, 203.0.113.9");
        using var stop = new StringContent("{\"stopped\":true}");
        (await admin.PostAsync("/rest/stop_switch", stop, Ct)).EnsureSuccessStatusCode();

        var act = Assert.Single(await Record(admin, "stop_switch"));

        Assert.Equal(recorded, act.GetProperty("IP ADDRESS").GetString());
    }

    private static string Fingerprint(X509Certificate2 certificate) => string.Join(':', Convert.ToHexString(SHA256.HashData(certificate.RawData)).Chunk(2).Select(pair => new string(pair)));

    /// <summary>The certificates that the server sends, its own first.</summary>
    private static async Task<List<X509Certificate2>> Shown(Uri url)
    {
        var shown = new List<X509Certificate2>();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, Ct);
        await using var tls = new SslStream(socket.GetStream(), false, (_, certificate, chain, _) =>
        {
            shown.Add(X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData()));
            shown.AddRange(chain!.ChainPolicy.ExtraStore.Where(extra => !extra.RawData.SequenceEqual(shown[0].RawData)).Select(extra => X509CertificateLoader.LoadCertificate(extra.RawData)));
            return true;
        });
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Ct);
        return shown;
    }

    /// <summary>Writes a certificate of this name and its key, and gives its fingerprint.</summary>
    private string Write(string name, bool byIntermediate = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        var between = new CertificateRequest("CN=between", betweenKey, HashAlgorithmName.SHA256);
        between.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=root", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var rootMade = root.CreateSelfSigned(from.AddDays(-2), to.AddDays(2));
        using var issuerMade = between.Create(rootMade, from.AddDays(-1), to.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var issuer = issuerMade.CopyWithPrivateKey(betweenKey);
        using var made = byIntermediate ? request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8)) : request.CreateSelfSigned(from, to);
        File.WriteAllText(Beside("tls.crt"), made.ExportCertificatePem() + (byIntermediate ? "\n" + issuer.ExportCertificatePem() : ""));
        File.WriteAllText(Beside("tls.key"), key.ExportPkcs8PrivateKeyPem());
        return Fingerprint(made);
    }
}

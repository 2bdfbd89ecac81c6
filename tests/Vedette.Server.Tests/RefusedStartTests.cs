using System.Net;
using System.Net.Sockets;

namespace Vedette.Server.Tests;

/// <summary>A server that cannot start says in one sentence what is in the way and what to do, and ends with an error.</summary>
public sealed class RefusedStartTests
{
    [Fact]
    public async Task PortIsTaken_OneSentenceNamesTheAddressAndTheRemedy()
    {
        using var taker = new TcpListener(IPAddress.Loopback, 0);
        taker.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taker.LocalEndpoint).Port}";
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;

        var (code, said) = await ServerProcess.Refused("--data", folder, "--urls", url);

        Assert.Equal(1, code);
        Assert.Equal($"The server cannot listen on {url}: the port is taken; choose another address with --urls, or end what holds this one.", said.Trim());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task DataFolderIsInUse_OneSentenceNamesTheFolderAndTheRemedy()
    {
        await using var site = await Site.Open();

        var (code, said) = await ServerProcess.Refused("--data", site.Folder, "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, code);
        Assert.Equal($"The data folder {site.Folder} is in use by another process: stop that one, or give this one a folder of its own.", said.Trim());
        await site.AlertStillBecomesTicket();
    }

    [Fact]
    public async Task DataFolderIsAFile_IsRefusedByItsName()
    {
        var file = Path.GetTempFileName();

        var (code, said) = await ServerProcess.Refused("--data", file, "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, code);
        Assert.StartsWith($"The data folder {file} cannot be used: ", said, StringComparison.Ordinal);
        Assert.EndsWith("Name another with --data, or let this user write there.", said.Trim(), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task AddressOfAnotherMachine_IsRefusedByItsName()
    {
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;

        var (code, said) = await ServerProcess.Refused("--data", folder, "--urls", "https://192.0.2.1:8443");

        Assert.Equal(1, code);
        Assert.StartsWith("The server cannot listen on https://192.0.2.1:8443: ", said, StringComparison.Ordinal);
        Assert.EndsWith("choose another address with --urls, or end what holds this one.", said.Trim(), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    public async Task TurnDeadlineThatIsNone_IsRefused(string deadline)
    {
        var (code, said) = await ServerProcess.Refused("--turn-deadline", deadline);

        Assert.Equal(1, code);
        Assert.Contains("--turn-deadline", said, StringComparison.Ordinal);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Vedette.Program.Tests;

/// <summary>The first password, and what listens where.</summary>
public sealed class FirstHourTests : ProgramTest
{
    private string FirstPasswordFile => Path.Combine(Data, "first-password");

    [Fact]
    public async Task T30_StartUnderAServiceManager_FirstPasswordIsInAPrivateFileAndNotInTheLog()
    {
        await using var server = await RunningProgram.Serve(Data, ["--log-level", "Trace"]);
        await server.Line("First sign-in: user admin, password in ");

        var password = (await File.ReadAllTextAsync(FirstPasswordFile, Ct)).Trim();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FirstPasswordFile));
        Assert.True(password.Length >= 12);
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask(server, password)).Status);
        Assert.DoesNotContain(password, server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T30_StartOnATerminal_FirstPasswordIsShownThereOnceAndIsInNoFile()
    {
        string password;
        await using (var server = await RunningProgram.Serve(Data, onTerminal: true))
        {
            var said = await server.Line("First sign-in: user admin, password ");
            Assert.Contains("(shown once)", said, StringComparison.Ordinal);
            password = said.Split("password ")[1].Split(' ')[0];
            Assert.Equal(HttpStatusCode.Forbidden, (await Ask(server, password)).Status);
            await server.Interrupt();
        }

        Assert.False(File.Exists(FirstPasswordFile));
        await using var again = await RunningProgram.Serve(Data, onTerminal: true);
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask(again, password)).Status);
        Assert.DoesNotContain("First sign-in", again.Said, StringComparison.Ordinal);
        await again.Interrupt();
        Assert.DoesNotContain(Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories), file => File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(password)) >= 0);
    }

    [Fact]
    public async Task T30_FirstPassword_MustBeChangedBeforeAnythingElse()
    {
        await using var server = await RunningProgram.Serve(Data);
        await server.Line("First sign-in: user admin, password in ");
        var first = (await File.ReadAllTextAsync(FirstPasswordFile, Ct)).Trim();
        var (status, message) = await Ask(server, first);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("has to change the first password before anything else", message, StringComparison.Ordinal);

        Assert.Equal(1, (await Program.Run(["password", "--data", Data], $"{first}\nshort\n")).Status);
        Assert.Equal(0, (await Program.Run(["password", "--data", Data], $"{first}\n{Password}\n")).Status);

        Assert.Equal(HttpStatusCode.OK, (await Ask(server, Password)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(server, first)).Status);
    }

    [Fact]
    public async Task T30_PasswordOfAPerson_IsNotChangedByAToken()
    {
        await using var server = await Serve();
        using var client = server.Client(Token);

        using var answer = await client.PostAsJsonAsync("/rest/password", new { old_password = Password, new_password = "another-long-word-9" }, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task T24_KeyFileLost_NoNewOneIsMadeBesideSealedSecrets()
    {
        await using var lab = RunningProgram.Start(["lab"]);
        var said = await lab.Line("The lab listens on http://127.0.0.1:");
        var address = said.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal)).TrimEnd('.', ',', ';');
        await using (await Serve("--lab", address))
        {
        }

        var key = Path.Combine(Data, "secrets.key");
        File.Delete(key);

        var ended = await Program.Run(["serve", "--data", Data, "--urls", "http://127.0.0.1:0"]);

        Assert.Equal(1, ended.Status);
        Assert.Contains($"The key file {key} is missing", ended.Complained, StringComparison.Ordinal);
        Assert.False(File.Exists(key));
    }

    [Fact]
    public async Task T30_Lab_ListensOnLoopbackOnlyAndSaysWhatItIs()
    {
        await using var lab = RunningProgram.Start(["lab"]);

        Assert.Contains("loopback only, for trials", await lab.Line("The lab listens on http://127.0.0.1:"), StringComparison.Ordinal);
        OnLoopbackOnly(lab);
    }

    [Fact]
    public async Task T30_Demo_ListensOnLoopbackOnlyAndSaysWhatItIs()
    {
        await using var demo = RunningProgram.Start(["demo"]);
        await demo.Line("A demo: loopback only, stand-ins for the other systems, nothing real is asked or changed.");
        await demo.Line("Ctrl C ends the demo.");

        OnLoopbackOnly(demo);
    }

    private static void OnLoopbackOnly(RunningProgram program)
    {
        var own = Directory.GetFiles($"/proc/{program.Id}/fd")
            .Select(file => new FileInfo(file).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target[8..^1])
            .ToHashSet();
        const string listening = "0A";
        var listeners = new[] { "tcp", "tcp6" }
            .SelectMany(kind => File.ReadLines($"/proc/{program.Id}/net/{kind}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == listening && own.Contains(fields[9]))
            .Select(fields => Address(fields[1].Split(':')[0]))
            .ToList();
        Assert.NotEmpty(listeners);
        Assert.All(listeners, address => Assert.True(IPAddress.IsLoopback(address), address.ToString()));
    }

    /// <summary>The kernel writes words in the order of the machine.</summary>
    private static IPAddress Address(string hex) => new(hex.Chunk(8).SelectMany(word => BitConverter.GetBytes(uint.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture))).ToArray());

    private async Task<(HttpStatusCode Status, string Message)> Ask(RunningProgram server, string password)
    {
        using var client = Admin(server.Url, password);
        using var answer = await client.GetAsync("/rest/stop_switch", Ct);
        var body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Ct));
        return (answer.StatusCode, body.TryGetProperty("message", out var message) ? message.GetString()! : "");
    }
}

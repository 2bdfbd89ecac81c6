using System.Diagnostics;
using System.Security.Cryptography;

namespace Vedette.Bench;

/// <summary>A process that takes alerts and opens tickets: Vedette, or the floor it is compared with.</summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly ProcessStartInfo _start;
    private readonly string _announcement;
    private Process _process = null!;

    private Target(string name, string token, string password, string announcement, ProcessStartInfo start) =>
        (Name, Token, Password, _announcement, _start) = (name, token, password, announcement, start);

    public string Name { get; }

    public string Token { get; }

    /// <summary>Of the administrator; empty for the floor, which has none.</summary>
    public string Password { get; }

    public HttpClient Client { get; private set; } = null!;

    public int Pid => _process.Id;

    public static Task<Target> Vedette(string folder, string lab)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var start = Dotnet("vedette.dll", "serve", "--data", folder, "--urls", "http://127.0.0.1:0", "--lab", lab, "--log-level", "Error");
        start.Environment["VEDETTE_AUTOMATION_TOKEN"] = token;
        start.Environment["VEDETTE_ADMIN_PASSWORD"] = password;
        return new Target("Vedette", token, password, "Vedette listens on ", start).Started();
    }

    public static Task<Target> Floor(string lab) =>
        new Target("floor", "", "", FloorServer.Announcement, Dotnet("Vedette.Bench.dll", "floor", lab)).Started();

    /// <summary>Ends the process as a power cut would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async Task StartAgain()
    {
        _process.Dispose();
        Client.Dispose();
        await Started();
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _process.Dispose();
        Client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ProcessStartInfo Dotnet(string program, params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments]) { RedirectStandardOutput = true };

    private async Task<Target> Started()
    {
        _process = Process.Start(_start)!;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(_announcement, StringComparison.Ordinal))
            {
                Client = new HttpClient { BaseAddress = new Uri(line[_announcement.Length..]) };
                return this;
            }
        }

        throw new InvalidOperationException($"{Name} ended before it listened.");
    }
}

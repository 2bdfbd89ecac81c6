using System.Runtime.CompilerServices;

namespace Vedette.Program.Tests;

public sealed class SettingsTests : ProgramTest
{
    [Fact]
    public async Task PageOfSettings_IsWhatTheProgramSays()
    {
        var page = (await Program.Run(["settings", "--markdown"])).Said;

        Assert.Equal(page, await File.ReadAllTextAsync(InRepository("docs/settings.md"), Ct));
    }

    [Fact]
    public async Task UnknownKey_IsAnErrorWithFileAndKey()
    {
        var file = await Settings(Beside("mine.json"), """{ "urls": "https://127.0.0.1:0", "log-level": "Error" }""");

        var ended = await Program.Run(["serve", "--data", Data, "--settings", file]);

        Assert.Equal(1, ended.Status);
        Assert.Contains($"{file}: there is no setting \"log-level\". Do you mean \"log_level\"?", ended.Complained, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Theory]
    [InlineData("""{ "turn_deadline": "soon" }""", "\"turn_deadline\" has to be a whole number from 1 to 3600, not \"soon\"")]
    [InlineData("""{ "log_level": "loud" }""", "\"log_level\" has to be one of")]
    [InlineData("""{ "otlp": "http://collector.example:4318" }""", "\"otlp\" has to be https, or on loopback")]
    [InlineData("""{ "keep_days": 0 }""", "\"keep_days\" has to be a whole number from 1 to 36500")]
    [InlineData("""{ "urls": true }""", "\"urls\" has to be text or a number")]
    [InlineData("""{ "urls": """, "is no JSON that can be read (line 1)")]
    [InlineData("[]", "has to be a JSON object")]
    public async Task ValueThatCannotBe_IsAnErrorWithFileAndKey(string json, string sentence)
    {
        var file = await Settings(Beside("mine.json"), json);

        var ended = await Program.Run(["settings", "--settings", file]);

        Assert.Equal(1, ended.Status);
        Assert.Contains(file, ended.Complained, StringComparison.Ordinal);
        Assert.Contains(sentence, ended.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandLineBeforeEnvironmentBeforeFile()
    {
        Directory.CreateDirectory(Data);
        await Settings(Path.Combine(Data, "settings.json"), """
            {
              // The three are set here, one of them stays.
              "turn_deadline": 11, "turn_memory": 111, "turns_at_once": 1,
            }
            """);

        var ended = await Program.Run(["settings", "--data", Data, "--turns-at-once", "3"], environment: new Dictionary<string, string> { ["VEDETTE_TURN_MEMORY"] = "222", ["VEDETTE_TURNS_AT_ONCE"] = "2" });

        var lines = ended.Said.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains($"turn_deadline 11 ({Path.Combine(Data, "settings.json")})", lines);
        Assert.Contains("turn_memory 222 (VEDETTE_TURN_MEMORY)", lines);
        Assert.Contains("turns_at_once 3 (--turns-at-once)", lines);
        Assert.Contains("workers 2 for each processor, at least 4 (default)", lines);
    }

    [Fact]
    public async Task FileInTheDataFolder_IsObeyedByTheServer()
    {
        Directory.CreateDirectory(Data);
        await Settings(Path.Combine(Data, "settings.json"), """{ "base_url": "https://soar.example/" }""");
        await using var server = await Serve();
        using var client = server.Client(Token);

        Assert.Equal("https://soar.example", (await Json(client, "/rest/system_info")).GetProperty("base_url").GetString());
    }

    private static async Task<string> Settings(string file, string json)
    {
        await File.WriteAllTextAsync(file, json, Ct);
        return file;
    }

    private static string InRepository(string path, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", path);
}

using System.Text.Json;

namespace Vedette.Program.Tests;

public sealed class StatusTests : ProgramTest
{
    [Fact]
    public async Task Status_SaysWhatIsOpenAndBehind()
    {
        await using var server = await Serve();

        var said = (await AsAdmin("status")).Said;

        Assert.Contains("Runs:     0 running, 0 waiting for their turn\n", said, StringComparison.Ordinal);
        Assert.Contains("Open:     0 actions, 0 outcomes in doubt, 0 questions to people\n", said, StringComparison.Ordinal);
        Assert.Contains("Backlog:  0 in the outbox, 0 to make indicators of\n", said, StringComparison.Ordinal);
        Assert.Contains("Store:    reached, 0 units wait to be written, ", said, StringComparison.Ordinal);
        var json = JsonSerializer.Deserialize<JsonElement>((await AsAdmin("status", "--json")).Said);
        Assert.Equal((false, 0, true), (json.GetProperty("stopped").GetBoolean(), json.GetProperty("runs_pending").GetInt64(), json.GetProperty("store_reached").GetBoolean()));
    }

    /// <summary>What does not hold of the sandbox is logged at the start.</summary>
    [Fact]
    public async Task LogAsJson_EachLineIsAnObject()
    {
        await using var server = await Serve("--log-format", "json", "--sandbox-without", "landlock");

        var line = JsonSerializer.Deserialize<JsonElement>(await server.Line("\"LogLevel\":"));

        Assert.NotEmpty(line.GetProperty("Message").GetString()!);
        Assert.EndsWith("Z", line.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
    }
}

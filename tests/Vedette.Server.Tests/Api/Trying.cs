using System.Text.Json;

namespace Vedette.Server.Tests.Api;

/// <summary>Playbooks that check by themselves what the API answers: a wrong answer is a failed run that names the line.</summary>
internal static class Trying
{
    /// <summary>Runs these lines as <c>on_start</c>, then has the run ended well.</summary>
    public static async Task<JsonElement> Passes(this Site site, string lines, string more = "")
    {
        var body = string.Join('\n', lines.Split('\n').Select(line => "    " + line));
        return await site.PassesAs("tried", $"import phantom.rules as phantom\n\ndef on_start(container):\n{body}\n\n{more}\n");
    }

    public static async Task<JsonElement> PassesAs(this Site site, string name, string source)
    {
        var run = await site.RunToEnd(name, source);
        Assert.True(run.GetProperty("status").GetString() == "success", run.ToString());
        return run;
    }

    public static async Task<IReadOnlyList<string>> CommentsOn(this Site site, JsonElement run) =>
        [.. (await site.Get($"/rest/container/{run.GetProperty("container")}/comments?sort=id&order=asc&page_size=0")).GetProperty("data").EnumerateArray().Select(comment => comment.GetProperty("comment").GetString()!)];

    public static Task<JsonElement> EventOf(this Site site, JsonElement run) => site.Get($"/rest/container/{run.GetProperty("container")}");
}

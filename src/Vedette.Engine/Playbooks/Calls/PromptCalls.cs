using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Approvals;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Questions to people: actions that a person carries out.</summary>
internal static class PromptCalls
{
    /// <summary>The older form: one question, whose options stand beside the message.</summary>
    public static Task<string> Prompt(Turn turn, JsonElement arguments)
    {
        var questions = new JsonArray();
        if (arguments.Get("options") is { ValueKind: JsonValueKind.Object } options)
        {
            questions.Add(new JsonObject { ["prompt"] = "", ["options"] = JsonObject.Create(options) });
        }

        return Ask(turn, arguments, "prompt", JsonSerializer.SerializeToElement(questions), otherwiseMinutes: 30);
    }

    public static Task<string> Prompt2(Turn turn, JsonElement arguments) => Ask(
        turn, arguments, "prompt", arguments.Get("response_types") ?? JsonSerializer.SerializeToElement(Array.Empty<object>()), otherwiseMinutes: 30);

    public static Task<string> Task(Turn turn, JsonElement arguments) => Ask(
        turn, arguments, "task", JsonSerializer.SerializeToElement(Array.Empty<object>()), otherwiseMinutes: 0);

    private static async Task<string> Ask(Turn turn, JsonElement arguments, string kind, JsonElement questions, long otherwiseMinutes)
    {
        var row = turn.Run.Row;
        var id = turn.NextAskedId<ActionRunRow>();
        var name = arguments.Text("name") ?? $"{kind}_{id}";
        var minutes = Math.Clamp(arguments.Number("respond_in_mins") ?? otherwiseMinutes, 0, 60 * 24 * 366);
        var message = (await DataCalls.Formatted(turn, arguments, arguments.Text("message") ?? "")).Text;
        var asked = await turn.Services.Approvals.Ask(turn.Asked, turn.Caller, new PromptRequest(
            new ActionRunId(id), kind, name, arguments.Text("user") ?? arguments.Text("role"), message, questions, minutes == 0 ? null : TimeSpan.FromMinutes(minutes))
        {
            Container = new ContainerId(row.ContainerId),
            Run = new PlaybookRunId(row.Id),
            Playbook = new PlaybookId(row.PlaybookId),
            Callback = arguments.Text("callback"),
        });
        if (asked.Refusal is { } refusal)
        {
            await turn.Note(refusal);
            throw new TurnCallException("RuntimeError", refusal.Message);
        }

        turn.Run.Results.Remove(name);
        turn.Run.Completed["actions"].Remove(name);
        turn.NewlyPending++;
        return id.ToString(CultureInfo.InvariantCulture);
    }
}

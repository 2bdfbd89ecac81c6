using System.Text.Json;
using Vedette.Engine.Playbooks.Calls;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>The functions of the playbook API that the engine answers, by their Python name. An answer is JSON.</summary>
internal static class PlaybookCalls
{
    public static IReadOnlyDictionary<string, Func<Turn, JsonElement, Task<string>>> All { get; } = new Dictionary<string, Func<Turn, JsonElement, Task<string>>>
    {
        ["act"] = ActionCalls.Act,
        ["custom_function"] = ActionCalls.CustomFunction,
        ["get_action_results"] = ActionCalls.GetActionResults,
        ["get_summary"] = ActionCalls.GetSummary,
        ["collect2"] = DataCalls.Collect2,
        ["collect"] = DataCalls.CollectOld,
        ["condition"] = DataCalls.Condition,
        ["decision"] = DataCalls.Decision,
        ["format"] = DataCalls.FormatText,
        ["save_data"] = DataCalls.SaveData,
        ["get_data"] = DataCalls.GetData,
        ["add_note"] = EventCalls.AddNote,
        ["comment"] = EventCalls.Comment,
        ["pin"] = EventCalls.Pin,
        ["update_pin"] = EventCalls.UpdatePin,
        ["set_severity"] = EventCalls.SetSeverity,
        ["set_status"] = EventCalls.SetStatus,
        ["set_owner"] = EventCalls.SetOwner,
        ["update"] = EventCalls.Update,
        ["add_artifact"] = EventCalls.AddArtifact,
        ["get_container"] = EventCalls.GetContainer,
        ["get_list"] = ListCalls.GetList,
        ["add_list"] = ListCalls.AddList,
        ["rest"] = RestCalls.Rest,
    };

    /// <summary>Calls that leave a value in the run besides their answer.</summary>
    public static IReadOnlySet<string> KeepsValues { get; } = new HashSet<string> { "condition", "decision", "format" };

    /// <summary>The answer of a call that says whether it did it: <c>(ok, message)</c>, with an id where <paramref name="withId"/>.</summary>
    public static async Task<string> Said<T>(Turn turn, Outcome<T> outcome, bool withId, Func<T, long>? id = null)
    {
        if (outcome.Ok(out var value, out var refusal))
        {
            return withId ? $"[true,\"\",{id!(value)}]" : "[true,\"\"]";
        }

        await turn.Note(refusal);
        turn.Log(40, refusal.Message);
        return $"[false,{JsonSerializer.Serialize(refusal.Message)}{(withId ? ",null" : "")}]";
    }
}

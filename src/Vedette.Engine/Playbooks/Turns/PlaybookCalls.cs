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
        ["playbook"] = ChildCalls.Playbook,
        ["prompt"] = PromptCalls.Prompt,
        ["prompt2"] = PromptCalls.Prompt2,
        ["task"] = PromptCalls.Task,
        ["custom_function"] = ActionCalls.CustomFunction,
        ["get_action_results"] = ActionCalls.GetActionResults,
        ["get_summary"] = ActionCalls.GetSummary,
        ["collect2"] = DataCalls.Collect2,
        ["collect"] = DataCalls.CollectOld,
        ["condition"] = DataCalls.Condition,
        ["decision"] = DataCalls.Decision,
        ["format"] = DataCalls.FormatText,
        ["get_filtered_data"] = DataCalls.GetFilteredData,
        ["collect_from_contains"] = ContainsCalls.Collect,
        ["save_data"] = SavedCalls.SaveData,
        ["get_data"] = SavedCalls.GetData,
        ["clear_data"] = SavedCalls.ClearData,
        ["save_object"] = ObjectCalls.Save,
        ["get_object"] = ObjectCalls.Get,
        ["clear_object"] = ObjectCalls.Clear,
        ["get_custom_function_results"] = ActionCalls.GetFunctionResults,
        ["get_playbook_info"] = InfoCalls.GetPlaybookInfo,
        ["cef_fields"] = InfoCalls.CefFields,
        ["get_assets"] = AssetCalls.GetAssets,
        ["get_apps"] = AssetCalls.GetApps,
        ["add_note"] = EventCalls.AddNote,
        ["comment"] = EventCalls.Comment,
        ["get_notes"] = EventCalls.GetNotes,
        ["pin"] = PinCalls.Pin,
        ["update_pin"] = PinCalls.UpdatePin,
        ["delete_pin"] = PinCalls.DeletePin,
        ["set_severity"] = EventCalls.SetSeverity,
        ["set_status"] = EventCalls.SetStatus,
        ["set_owner"] = EventCalls.SetOwner,
        ["update"] = EventCalls.Update,
        ["add_artifact"] = EventCalls.AddArtifact,
        ["get_container"] = EventCalls.GetContainer,
        ["get_list"] = ListCalls.GetList,
        ["add_list"] = ListCalls.AddList,
        ["set_list"] = ListCalls.SetList,
        ["remove_list"] = ListCalls.RemoveList,
        ["check_list"] = ListCalls.CheckList,
        ["delete_from_list"] = ListCalls.DeleteFromList,
        ["set_sensitivity"] = ContainerCalls.SetSensitivity,
        ["set_label"] = ContainerCalls.SetLabel,
        ["set_duetime"] = ContainerCalls.SetDueTime,
        ["close"] = ContainerCalls.Close,
        ["deescalate"] = ContainerCalls.Deescalate,
        ["promote"] = MergeCalls.Promote,
        ["merge"] = MergeCalls.Merge,
        ["add_tags"] = ContainerCalls.AddTags,
        ["remove_tags"] = ContainerCalls.RemoveTags,
        ["get_tags"] = ContainerCalls.GetTags,
        ["create_container"] = ContainerCalls.CreateContainer,
        ["delete_artifact"] = ContainerCalls.DeleteArtifact,
        ["add_workbook"] = WorkbookCalls.Add,
        ["set_phase"] = WorkbookCalls.SetPhase,
        ["get_phase"] = WorkbookCalls.GetPhase,
        ["add_task"] = WorkbookCalls.AddTask,
        ["get_tasks"] = WorkbookCalls.GetTasks,
        ["vault_put"] = VaultCalls.Put,
        ["vault_get"] = VaultCalls.Get,
        ["vault_add"] = VaultCalls.Add,
        ["vault_info"] = VaultCalls.Info,
        ["vault_delete"] = VaultCalls.Delete,
        ["rest"] = RestCalls.Rest,
    };

    /// <summary>Calls that only carry content: in no record, and made again by a turn that runs again.</summary>
    public static IReadOnlySet<string> CarriesContent { get; } = new HashSet<string> { "vault_put", "vault_get" };

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

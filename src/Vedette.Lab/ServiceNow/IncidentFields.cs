using System.Collections.Frozen;

namespace Vedette.Lab.ServiceNow;

/// <summary>The dictionary of the incident table: what a record has, what refers to what, what is kept as a journal.</summary>
internal static class IncidentFields
{
    /// <summary>Reference fields and the table each refers to.</summary>
    internal static readonly FrozenDictionary<string, string> References = new Dictionary<string, string>
    {
        ["caller_id"] = "sys_user",
        ["opened_by"] = "sys_user",
        ["assigned_to"] = "sys_user",
        ["assignment_group"] = "sys_user_group",
        ["cmdb_ci"] = "cmdb_ci",
        ["company"] = "core_company",
        ["location"] = "cmn_location",
        ["sys_domain"] = "sys_user_group",
        ["closed_by"] = "sys_user",
        ["resolved_by"] = "sys_user",
        ["problem_id"] = "problem",
        ["parent"] = "task",
        ["parent_incident"] = "incident",
    }.ToFrozenDictionary();

    internal static readonly FrozenSet<string> Journals = new[] { "comments", "work_notes" }.ToFrozenSet();

    /// <summary>What every new record starts with; a field of the table that is not here would not exist.</summary>
    internal static readonly (string Name, string Value)[] Defaults =
    [
        ("active", "true"), ("activity_due", ""), ("additional_assignee_list", ""), ("approval", "not requested"),
        ("approval_history", ""), ("assigned_to", ""), ("assignment_group", ""), ("business_duration", ""),
        ("business_impact", ""), ("business_stc", ""), ("calendar_duration", ""), ("calendar_stc", ""), ("caller_id", ""),
        ("category", "inquiry"), ("caused_by", ""), ("child_incidents", "0"), ("close_code", ""), ("close_notes", ""),
        ("closed_at", ""), ("closed_by", ""), ("cmdb_ci", ""), ("comments", ""), ("comments_and_work_notes", ""), ("company", ""),
        ("contact_type", ""), ("correlation_display", ""), ("correlation_id", ""), ("description", ""), ("due_date", ""),
        ("escalation", "0"), ("expected_start", ""), ("follow_up", ""), ("hold_reason", ""), ("impact", "3"),
        ("incident_state", "1"), ("knowledge", "false"), ("location", ""), ("made_sla", "true"), ("notify", "1"), ("opened_by", ""),
        ("order", ""), ("parent", ""), ("parent_incident", ""), ("problem_id", ""), ("reassignment_count", "0"),
        ("reopen_count", "0"), ("resolved_at", ""), ("resolved_by", ""), ("rfc", ""), ("severity", "3"), ("short_description", ""),
        ("sla_due", ""), ("state", "1"), ("subcategory", ""), ("sys_domain", "global"), ("sys_domain_path", "/"), ("sys_tags", ""),
        ("time_worked", ""), ("upon_approval", "proceed"), ("upon_reject", "cancel"), ("urgency", "3"), ("user_input", ""),
        ("watch_list", ""), ("work_end", ""), ("work_notes", ""), ("work_notes_list", ""), ("work_start", ""),
    ];

    private static readonly FrozenSet<string> SystemOwned = new[]
    {
        "number", "opened_at", "priority", "sys_class_name", "sys_created_by", "sys_created_on", "sys_id", "sys_mod_count",
        "sys_updated_by", "sys_updated_on",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Writable = Defaults.Select(field => field.Name).ToFrozenSet();

    internal static bool Exists(string field) => Writable.Contains(field) || SystemOwned.Contains(field);

    /// <summary>A field that is not writable is left out of a write in silence, as the Table API does.</summary>
    internal static bool MayBeWritten(string field) => Writable.Contains(field);

    internal static string Priority(string impact, string urgency) => (impact, urgency) switch
    {
        ("1", "1") => "1",
        ("1", "2") or ("2", "1") => "2",
        ("1", "3") or ("2", "2") or ("3", "1") => "3",
        ("2", "3") or ("3", "2") => "4",
        _ => "5",
    };
}

using System.Text.Json;
using Vedette.Lab.Company;

namespace Vedette.Lab.ServiceNow;

/// <summary>Writes records the way the Table API spells them: strings throughout, references as objects.</summary>
internal sealed class RecordWriter(Func<string> baseUrl)
{
    private static readonly Dictionary<(string Field, string Value), string> Displays = new()
    {
        [("state", "1")] = "New", [("state", "2")] = "In Progress", [("state", "3")] = "On Hold",
        [("state", "6")] = "Resolved", [("state", "7")] = "Closed", [("state", "8")] = "Canceled",
        [("impact", "1")] = "1 - High", [("impact", "2")] = "2 - Medium", [("impact", "3")] = "3 - Low",
        [("urgency", "1")] = "1 - High", [("urgency", "2")] = "2 - Medium", [("urgency", "3")] = "3 - Low",
        [("priority", "1")] = "1 - Critical", [("priority", "2")] = "2 - High", [("priority", "3")] = "3 - Moderate",
        [("priority", "4")] = "4 - Low", [("priority", "5")] = "5 - Planning",
    };

    internal string TableUrl(string table) => $"{baseUrl()}/api/now/table/{table}";

    internal void Incident(Utf8JsonWriter json, Incident incident, TableRequest request)
    {
        json.WriteStartObject();
        foreach (var (name, value) in incident.Fields)
        {
            if (request.Wants(name))
            {
                Field(json, incident, name, value, request);
            }
        }

        json.WriteEndObject();
    }

    internal static void Journal(Utf8JsonWriter json, JournalEntry entry, TableRequest request) =>
        Plain(json, request, JournalFields(entry));

    internal static void User(Utf8JsonWriter json, Person person, TableRequest request) => Plain(json, request, UserFields(person));

    internal static (string Name, string Value)[] JournalFields(JournalEntry entry) =>
    [
        ("sys_id", entry.SysId), ("element", entry.Element), ("element_id", entry.ElementId), ("name", "incident"),
        ("value", entry.Value), ("sys_created_by", entry.By), ("sys_created_on", IncidentStore.Stamp(entry.At)), ("sys_tags", ""),
    ];

    internal static (string Name, string Value)[] UserFields(Person person) =>
    [
        ("sys_id", UserId(person)), ("user_name", person.Account), ("first_name", person.GivenName), ("last_name", person.Surname),
        ("name", person.FullName), ("email", $"{person.Account}@halden.example"), ("title", person.Title),
        ("active", person.Disabled ? "false" : "true"), ("user_password", ""), ("sys_class_name", "sys_user"), ("sys_tags", ""),
    ];

    internal static string UserId(Person person) => $"46d44a23a9fe19810012d100cca8{person.Rid:x4}";

    private static void Plain(Utf8JsonWriter json, TableRequest request, (string Name, string Value)[] fields)
    {
        json.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            if (request.Wants(name))
            {
                json.WriteString(name, value);
            }
        }

        json.WriteEndObject();
    }

    private void Field(Utf8JsonWriter json, Incident incident, string name, string value, TableRequest request)
    {
        var isReference = value.Length > 0 && IncidentFields.References.ContainsKey(name);
        var link = isReference ? $"{TableUrl(IncidentFields.References[name])}/{value}" : null;
        switch (request.Display)
        {
            case DisplayValue.All:
                json.WriteStartObject(name);
                json.WriteString("display_value", Shown(incident, name, value));
                json.WriteString("value", value);
                if (link is not null && !request.ExcludeLinks)
                {
                    json.WriteString("link", link);
                }

                json.WriteEndObject();
                break;
            case DisplayValue.Yes when link is not null && !request.ExcludeLinks:
                json.WriteStartObject(name);
                json.WriteString("display_value", Shown(incident, name, value));
                json.WriteString("link", link);
                json.WriteEndObject();
                break;
            case DisplayValue.Yes:
                json.WriteString(name, Shown(incident, name, value));
                break;
            case DisplayValue.No when link is not null && !request.ExcludeLinks:
                json.WriteStartObject(name);
                json.WriteString("link", link);
                json.WriteString("value", value);
                json.WriteEndObject();
                break;
            default:
                json.WriteString(name, value);
                break;
        }
    }

    private static string Shown(Incident incident, string name, string value)
    {
        if (IncidentFields.Journals.Contains(name))
        {
            var title = name == "comments" ? "Additional comments" : "Work notes";
            return string.Concat(incident.Journal.Where(entry => entry.Element == name).Reverse()
                .Select(entry => $"{IncidentStore.Stamp(entry.At)} - Lab SOAR ({title})\n{entry.Value}\n\n"));
        }

        if (IncidentFields.References.GetValueOrDefault(name) == "sys_user"
            && Halden.People.FirstOrDefault(person => UserId(person) == value) is { } person)
        {
            return person.FullName;
        }

        var field = name == "incident_state" ? "state" : name;
        return Displays.GetValueOrDefault((field, value), value);
    }
}

using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.ServiceNow;

/// <summary>
/// Changes a record. Fields are set, and setting them twice is as good as once; notes and comments are added, and twice would be
/// twice: these carry our key and are looked for in the journal before they are sent again.
/// </summary>
internal sealed class TicketUpdate(ActionCall call, TableApi table)
{
    private static readonly string[] Journals = ["work_notes", "comments"];

    private readonly string _table = TableApi.TableName(call);

    private string Mark => $"(Vedette {call.EffectKey})";

    public async Task<ActionAnswer> Update(CancellationToken ct)
    {
        var fields = TicketText.Fields(call);
        if (fields.Count == 0)
        {
            throw CallException.BadInput("Please specify at-least one of fields or vault_id parameter");
        }

        var before = await table.Find(_table, ct);
        var back = WayBack(before, fields);
        var sysId = TableApi.Value(before, "sys_id");
        foreach (var journal in Written(fields))
        {
            if (call.MayHaveLanded && await Noted(sysId, journal, ct))
            {
                fields.Remove(journal);
            }
            else
            {
                fields[journal] = $"{fields[journal]}\n\n{Mark}";
            }
        }

        return fields.Count == 0
            ? Answer(before)
            : Answer(await table.Write(HttpMethod.Put, $"table/{_table}/{Inputs.Segment(sysId, "id")}", fields, ct)) with { WayBack = back };
    }

    /// <summary>The fields as they were. After a call that may have landed nobody knows any more how that was.</summary>
    private WayBack? WayBack(JsonObject before, JsonObject fields)
    {
        var set = fields.Where(field => !Journals.Contains(field.Key)).ToList();
        if (set.Count == 0 || call.MayHaveLanded)
        {
            return null;
        }

        var were = new JsonObject(set.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)TableApi.Value(before, field.Key))));
        return new WayBack(
            "update ticket",
            new JsonObject { ["id"] = TableApi.Value(before, "sys_id"), ["is_sys_id"] = true, ["table"] = _table, ["fields"] = were.ToJsonString() },
            Written(fields).Count > 0 ? "Notes and comments that were added stay." : "");
    }

    public async Task<Settled> Look(CancellationToken ct)
    {
        var fields = TicketText.Fields(call);
        var record = await table.Find(_table, ct);
        var journals = Written(fields);
        foreach (var journal in journals)
        {
            if (!await Noted(TableApi.Value(record, "sys_id"), journal, ct))
            {
                return Settled.NotThere;
            }
        }

        // Notes and fields travel in one request; where there are notes they tell, since a field may have been changed again since.
        return journals.Count > 0 || fields.All(field => TableApi.Value(record, field.Key) == (field.Value?.ToString() ?? ""))
            ? Settled.Happened(Answer(record))
            : Settled.NotThere;
    }

    private static List<string> Written(JsonObject fields) =>
        Journals.Where(name => !string.IsNullOrEmpty(fields[name]?.ToString())).ToList();

    private async Task<bool> Noted(string sysId, string journal, CancellationToken ct)
    {
        var rows = await table.Rows(
            $"table/sys_journal_field?sysparm_query=element_id={sysId}^element={journal}^valueLIKE{call.EffectKey}", ct);
        return rows.Exists(row => TableApi.Value(row, "element_id") == sysId
            && TableApi.Value(row, "element") == journal
            && TableApi.Value(row, "value").Contains(Mark, StringComparison.Ordinal));
    }

    private static ActionAnswer Answer(JsonObject record) =>
        new() { Success = true, Data = [record.DeepClone()], Summary = new JsonObject { ["fields_updated"] = true } };
}

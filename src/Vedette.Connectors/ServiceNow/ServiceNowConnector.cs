using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.ServiceNow;

/// <summary>
/// ServiceNow's Table API. Different from the original on purpose: the description ends with "Added by Vedette for event N." in our
/// own wording; text in a record is kept from acting (<c>[code]</c>); a record found by number must carry that number; only basic
/// authentication; no files.
/// </summary>
public sealed class ServiceNowConnector() : BuiltInConnector("servicenow.json")
{
    private protected override async Task<ActionAnswer> Act(ActionCall call, CancellationToken ct)
    {
        if (Manifest.Find(call.Action) is null)
        {
            return NoSuchAction(call);
        }

        var table = new TableApi(call);
        switch (call.Action)
        {
            case "create ticket":
                return await new NewTicket(call, table).Create(ct);
            case "update ticket":
                return await new TicketUpdate(call, table).Update(ct);
            case "get ticket":
                return await GetTicket(call, table, ct);
            default:
                await table.Get("table/incident?sysparm_limit=1", ct);
                return Done("Test Connectivity Passed");
        }
    }

    private protected override async Task<Settled> Look(ActionCall call, CancellationToken ct) => call.Action switch
    {
        "create ticket" => await new NewTicket(call, new TableApi(call)).Look(ct),
        "update ticket" => await new TicketUpdate(call, new TableApi(call)).Look(ct),
        _ => Settled.CannotKnow,
    };

    private static async Task<ActionAnswer> GetTicket(ActionCall call, TableApi table, CancellationToken ct)
    {
        var name = TableApi.TableName(call);
        var record = await table.Find(name, ct);
        var sysId = TableApi.Value(record, "sys_id");
        var files = await table.Rows($"attachment?sysparm_query=table_sys_id={sysId}", ct);
        var journal = await table.Rows($"table/sys_journal_field?sysparm_query=element_id={sysId}^element=comments^ORelement=work_notes", ct);
        // A filter that the other side ignores matches everything: what is not of this record is left out here.
        record["attachment_details"] = Only(files.Where(row => TableApi.Value(row, "table_sys_id") == sysId));
        var own = journal.Where(row => TableApi.Value(row, "element_id") == sysId).ToList();
        record["comments_section"] = Values(own, "comments");
        record["worknotes_section"] = Values(own, "work_notes");
        return new ActionAnswer { Success = true, Data = [record.DeepClone()], Summary = new JsonObject { ["queried_ticket_id"] = sysId } };
    }

    private static JsonArray Only(IEnumerable<JsonObject> rows) => new([.. rows.Select(row => row.DeepClone())]);

    private static JsonArray Values(List<JsonObject> rows, string element) =>
        new([.. rows.Where(row => TableApi.Value(row, "element") == element).Select(row => (JsonNode)TableApi.Value(row, "value"))]);
}

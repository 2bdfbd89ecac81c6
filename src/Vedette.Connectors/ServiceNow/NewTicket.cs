using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.ServiceNow;

/// <summary>
/// Creates a record under our key: as <c>sys_id</c>, which the other side takes only once, and as <c>correlation_id</c>, for people and
/// for instances that do not let us choose the <c>sys_id</c>.
/// </summary>
internal sealed class NewTicket(ActionCall call, TableApi table)
{
    private readonly string _table = TableApi.TableName(call);

    public async Task<ActionAnswer> Create(CancellationToken ct)
    {
        var fields = Fields();
        if (call.MayHaveLanded && await Earlier(ct) is { } earlier)
        {
            return earlier;
        }

        try
        {
            return Answer(await table.Write(HttpMethod.Post, $"table/{_table}", fields, ct));
        }
        catch (CallException e) when (call.MayHaveLanded && e.Fault.Status is 400 or 403 or 409)
        {
            // The key is taken: by the attempt before, if the record says so.
            return await Look(ct) is { Kind: SettledKind.Happened, Answer: { } landed } ? landed : throw new CallException(e.Fault, e.Message, e);
        }
    }

    /// <summary>Takes a record only if the key in the answer itself is ours: a filter that is ignored matches everything.</summary>
    public async Task<Settled> Look(CancellationToken ct)
    {
        var fields = TicketText.Fields(call);
        var (ownId, ownMark) = (!fields.ContainsKey("sys_id"), !fields.ContainsKey("correlation_id"));
        if (ownId && await table.BySysId(_table, call.EffectKey, ct) is { } mine)
        {
            return Settled.Happened(Answer(mine));
        }

        if (!ownMark)
        {
            // Without our mark a record under a sys_id of the server's choice would not be recognised.
            return Settled.CannotKnow;
        }

        var rows = await table.Rows($"table/{_table}?sysparm_query=correlation_id={call.EffectKey}&sysparm_limit=10", ct);
        return rows.Find(row => TableApi.Value(row, "correlation_id") == call.EffectKey) is { } marked
            ? Settled.Happened(Answer(marked))
            : Settled.NotThere;
    }

    private async Task<ActionAnswer?> Earlier(CancellationToken ct)
    {
        try
        {
            return (await Look(ct)).Answer;
        }
        catch (CallException e)
        {
            // What the attempt before did is still not known.
            throw new CallException(e.Fault with { MayHaveHappened = true }, e.Message, e);
        }
        catch (WayOutException e)
        {
            throw new CallException(e.Fault with { MayHaveHappened = true }, e.Message, e);
        }
    }

    private JsonObject Fields()
    {
        var (title, description) = (call.Text("short_description"), call.Text("description"));
        var fields = TicketText.Fields(call);
        if (string.IsNullOrEmpty(title) && string.IsNullOrEmpty(description) && fields.Count == 0)
        {
            throw CallException.BadInput(
                "Please specify at least one of the parameters short_description, description, or fields to create the ticket with");
        }

        if (!string.IsNullOrEmpty(title))
        {
            fields["short_description"] = TicketText.Neutral(TicketText.Unescaped(title));
        }

        var text = !string.IsNullOrEmpty(description)
            ? TicketText.Neutral(TicketText.Unescaped(description))
            : fields["description"]?.ToString() ?? "";
        var origin = call.Container is { } container
            ? string.Create(CultureInfo.InvariantCulture, $"Added by Vedette for event {container.Value}.")
            : "Added by Vedette.";
        fields["description"] = $"{text}\n\n{origin}";
        fields.TryAdd("sys_id", call.EffectKey);
        fields.TryAdd("correlation_id", call.EffectKey);
        return fields;
    }

    private ActionAnswer Answer(JsonObject record)
    {
        var sysId = TableApi.Value(record, "sys_id");
        if (sysId.Length == 0)
        {
            throw CallException.Unreadable("ServiceNow's answer has no sys_id.", mayHaveHappened: true);
        }

        // An instance that chooses its own id would take a second attempt for a second ticket.
        var asked = TicketText.Fields(call)["sys_id"]?.ToString() ?? call.EffectKey;
        var summary = new JsonObject { ["created_ticket_id"] = sysId };
        var message = AutomaticMessage.From(summary);
        if (sysId != asked)
        {
            summary["own_sys_id"] = false;
        }

        return new ActionAnswer { Success = true, Message = message, Data = [record.DeepClone()], Summary = summary, KeyTaken = sysId == asked };
    }
}

using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vedette.Lab.Behaviour;
using Vedette.Lab.ServiceNow;

namespace Vedette.Lab.Control;

/// <summary><c>/_lab</c>: what the lab saw, and how it shall behave.</summary>
internal sealed class ControlApi(IncidentStore incidents, Behaviours behaviours, CallLog calls, Func<LabAddresses> addresses)
{
    internal async Task Answer(HttpContext context, string path)
    {
        await ((context.Request.Method, path) switch
        {
            ("GET", "systems") => Wire.Json(context, 200, addresses().Write),
            ("GET", "tickets") => Tickets(context),
            ("GET", "calls") => Counts(context, calls.Calls),
            ("GET", "hangups") => Counts(context, calls.HangUps),
            ("GET", "requests") => Requests(context),
            ("POST", "behaviour") => Behave(context),
            ("POST", "reset") => Reset(context),
            _ => Refuse(context, 404, "The lab has systems, tickets, calls, hangups, requests (GET), behaviour and reset (POST)."),
        });
    }

    private async Task Tickets(HttpContext context)
    {
        // ?at_least=n waits for the n-th ticket, so that nobody has to poll.
        if (int.TryParse(context.Request.Query["at_least"], NumberStyles.None, CultureInfo.InvariantCulture, out var least))
        {
            await incidents.Reached(least).WaitAsync(context.RequestAborted);
        }

        var body = incidents.Read(false, all => Wire.JsonText(json =>
        {
            json.WriteStartArray();
            foreach (var incident in all)
            {
                Ticket(json, incident);
            }

            json.WriteEndArray();
        }));
        await Wire.Text(context, 200, "application/json", body);
    }

    private static void Ticket(Utf8JsonWriter json, Incident incident)
    {
        json.WriteStartObject();
        json.WriteString("number", incident.Number);
        json.WriteString("sys_id", incident.SysId);
        json.WriteString("correlation_id", incident["correlation_id"]);
        json.WriteString("made_at", incident.MadeAt);
        json.WriteStartObject("fields");
        foreach (var (name, value) in incident.Fields)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.Property("work_notes", incident.Journal.Where(entry => entry.Element == "work_notes").Select(entry => entry.Value));
        json.Property("comments", incident.Journal.Where(entry => entry.Element == "comments").Select(entry => entry.Value));
        json.WriteEndObject();
    }

    private static async Task Counts(HttpContext context, Tally tally)
    {
        var query = context.Request.Query;
        // ?system=x&at_least=n waits for the n-th, so that nobody has to poll.
        if (int.TryParse(query["at_least"], NumberStyles.None, CultureInfo.InvariantCulture, out var least))
        {
            if (LabSystems.Find(query["system"]) is not { } awaited)
            {
                await Refuse(context, 400, $"There is no system \"{query["system"]}\".");
                return;
            }

            await tally.Reached(awaited, least).WaitAsync(context.RequestAborted);
        }

        await Wire.Json(context, 200, json =>
        {
            json.WriteStartObject();
            foreach (var system in LabSystems.All)
            {
                json.WriteNumber(LabSystems.Name(system), tally.Of(system));
            }

            json.WriteEndObject();
        });
    }

    private Task Requests(HttpContext context)
    {
        var name = context.Request.Query["system"].ToString();
        var system = LabSystems.Find(name);
        return name.Length > 0 && system is null ? Refuse(context, 400, $"There is no system \"{name}\".") : Wire.Json(context, 200, json =>
        {
            json.WriteStartArray();
            foreach (var seen in calls.Last(system))
            {
                json.WriteStartObject();
                json.WriteString("system", LabSystems.Name(seen.System));
                json.WriteString("at", seen.At);
                json.WriteString("method", seen.Method);
                json.WriteString("path", seen.Target);
                json.WriteStartObject("headers");
                foreach (var (header, value) in seen.Headers)
                {
                    json.WriteString(header, value);
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private async Task Behave(HttpContext context)
    {
        BehaviourOrder order;
        try
        {
            order = await JsonSerializer.DeserializeAsync<BehaviourOrder>(context.Request.Body, BehaviourOrder.Spelling, context.RequestAborted)
                ?? throw new JsonException("The body is null.");
        }
        catch (JsonException fault)
        {
            await Refuse(context, 400, fault.Message);
            return;
        }

        var refusal = order.Read(out var system, out var behaviour);
        if (refusal is not null)
        {
            await Refuse(context, 400, refusal);
            return;
        }

        behaviours.Set(system, behaviour);
        await Success(context);
    }

    private Task Reset(HttpContext context)
    {
        incidents.Reset();
        calls.Reset();
        behaviours.Reset();
        return Success(context);
    }

    private static Task Success(HttpContext context) => Wire.Json(context, 200, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("success", true);
        json.WriteEndObject();
    });

    private static Task Refuse(HttpContext context, int status, string message) => Wire.Json(context, status, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("success", false);
        json.WriteString("message", message);
        json.WriteEndObject();
    });
}

using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Vedette.Lab.Behaviour;
using Vedette.Lab.ServiceNow;

namespace Vedette.Lab.Control;

/// <summary>The lab's own API under <c>/_lab</c>: what was done to it, and how it is to behave.</summary>
internal sealed class LabControl(IncidentStore incidents, Behaviours behaviours, CallLog calls)
{
    public void Map(WebApplication app, Action<Utf8JsonWriter> systems)
    {
        app.MapGet("/_lab/systems", context => Wire.Json(context, 200, systems));
        app.MapGet("/_lab/tickets", Tickets);
        app.MapGet("/_lab/calls", Calls);
        app.MapGet("/_lab/requests", Requests);
        app.MapPost("/_lab/behaviour", Behave);
        app.MapPost("/_lab/reset", Reset);
    }

    private Task Tickets(HttpContext context)
    {
        var rows = incidents.Read(hideNewest: false, all => all.Select(one => (Fields: new Dictionary<string, string>(one.Fields), one.MadeAt, Journal: one.Journal.ToList())).ToList());
        return Wire.Json(context, 200, json =>
        {
            json.WriteStartArray();
            foreach (var (fields, madeAt, journal) in rows)
            {
                json.WriteStartObject();
                foreach (var (name, value) in fields)
                {
                    if (!IncidentFields.Journals.Contains(name))
                    {
                        json.WriteString(name, value);
                    }
                }

                json.WriteString("made_at", madeAt.ToString("O"));
                json.Property("work_notes", journal.Where(entry => entry.Element == "work_notes").Select(entry => entry.Value));
                json.Property("comments", journal.Where(entry => entry.Element == "comments").Select(entry => entry.Value));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private Task Calls(HttpContext context) => Wire.Json(context, 200, json =>
    {
        json.WriteStartObject();
        foreach (var system in LabSystems.All)
        {
            json.WriteNumber(LabSystems.Name(system), calls.CountOf(system));
        }

        json.WriteEndObject();
    });

    private Task Requests(HttpContext context) => Wire.Json(context, 200, json =>
    {
        json.WriteStartArray();
        foreach (var seen in calls.Last(LabSystems.Find(context.Request.Query["system"])))
        {
            json.WriteStartObject();
            json.WriteString("system", LabSystems.Name(seen.System));
            json.WriteString("method", seen.Method);
            json.WriteString("target", seen.Target);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private async Task Behave(HttpContext context)
    {
        JsonElement asked;
        try
        {
            asked = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            await Refuse(context, "The body is not JSON.");
            return;
        }

        if (LabSystems.Find(Text(asked, "system")) is not { } system)
        {
            await Refuse(context, $"\"system\" is one of {string.Join(", ", LabSystems.All.Select(LabSystems.Name))}.");
            return;
        }

        if (SystemBehaviour.Find(Text(asked, "fail")) is not { } mishap || !SystemBehaviour.Fits(system, mishap))
        {
            await Refuse(context, $"\"fail\": {LabSystems.Name(system)} cannot fail as \"{Text(asked, "fail")}\".");
            return;
        }

        behaviours.Set(system, SystemBehaviour.Good with
        {
            Latency = TimeSpan.FromMilliseconds(Number(asked, "latency_ms") ?? 0),
            Mishap = mishap,
            Rate = Number(asked, "rate") ?? 1,
            RetryAfter = (int)(Number(asked, "retry_after") ?? 1),
            Times = Number(asked, "times") is { } times ? (int)times : null,
            On = SystemBehaviour.UsualCalls(system, mishap),
        });
        await Wire.Text(context, 200, "application/json", "{\"success\":true}");
    }

    private Task Reset(HttpContext context)
    {
        incidents.Reset();
        behaviours.Reset();
        calls.Reset();
        return Wire.Text(context, 200, "application/json", "{\"success\":true}");
    }

    private static Task Refuse(HttpContext context, string message) => Wire.Json(context, 400, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("failed", true);
        json.WriteString("message", message);
        json.WriteEndObject();
    });

    private static string? Text(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}

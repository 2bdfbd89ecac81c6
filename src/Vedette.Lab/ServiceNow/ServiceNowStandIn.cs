using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vedette.Lab.Behaviour;

namespace Vedette.Lab.ServiceNow;

/// <summary>ServiceNow's Table API over incidents and their journal, with the wording of live instances.</summary>
internal sealed class ServiceNowStandIn(IncidentStore incidents, LabOptions options) : IHttpStandIn
{
    private const string Tables = "api/now/table/";
    private const string Incidents = "incident";
    private const string Journal = "sys_journal_field";

    public LabSystem System => LabSystem.ServiceNow;

    public async Task Answer(HttpContext context, string path, Mishap mishap)
    {
        if (Wire.Basic(context.Request) is not { } given)
        {
            await Unauthorized(context, "Required to provide Auth information");
            return;
        }

        if (given.Name != LabCredentials.ServiceNowUser || given.Password != LabCredentials.ServiceNowPassword)
        {
            await Unauthorized(context, "User Not Authenticated");
            return;
        }

        if (!path.StartsWith(Tables, StringComparison.Ordinal))
        {
            await Fail(context, 400, "Requested URI does not represent any resource", null);
            return;
        }

        var parts = path[Tables.Length..].Split('/');
        await ((parts[0], parts.Length, context.Request.Method) switch
        {
            (Incidents, 1, "GET") => List(context, mishap),
            (Incidents, 1, "POST") => Create(context, mishap),
            (Incidents, 2, "GET") => Get(context, parts[1], mishap),
            (Incidents, 2, "PUT" or "PATCH") => Update(context, parts[1], mishap),
            (Journal, 1, "GET") => Entries(context, mishap),
            (Incidents or Journal, _, _) => Fail(context, 400, "Requested URI does not represent any resource", null),
            var (table, _, _) => Fail(context, 400, $"Invalid table {table}", null),
        });
    }

    public (string ContentType, string Body) Error(int status, string text) => ("application/json;charset=UTF-8", Envelope(text, null));

    private async Task Create(HttpContext context, Mishap mishap)
    {
        if (await Fields(context) is not { } fields)
        {
            return;
        }

        if (mishap is Mishap.LateWork)
        {
            _ = Later(fields);
            await HttpGate.Reset(context);
            return;
        }

        var made = incidents.Create(fields, honourSysId: mishap is not Mishap.OwnId);
        if (made is null)
        {
            await Fail(context, 403, "Operation Failed", "Error during insert of incident: duplicate value for sys_id");
            return;
        }

        context.Response.Headers.Location = $"{context.Request.Scheme}://{context.Request.Host}/servicenow/{Tables}{Incidents}/{made.SysId}";
        await Record(context, 201, made.SysId);
    }

    private async Task Later(Dictionary<string, string> fields)
    {
        await Task.Delay(options.LateWorkAfter, options.Clock);
        incidents.Create(fields, honourSysId: true);
    }

    private async Task Update(HttpContext context, string sysId, Mishap mishap)
    {
        if (await Fields(context) is not { } fields)
        {
            return;
        }

        if (incidents.Update(sysId, fields) is null)
        {
            await NoRecord(context);
            return;
        }

        await (mishap is Mishap.LateWork ? HttpGate.Reset(context) : Record(context, 200, sysId));
    }

    private Task Get(HttpContext context, string sysId, Mishap mishap) => incidents.ReadOne(sysId, mishap is Mishap.StaleRead, found => found is null)
        ? NoRecord(context)
        : Record(context, 200, sysId);

    private Task List(HttpContext context, Mishap mishap)
    {
        var query = EncodedQuery.Parse(Query(context, "sysparm_query"), IncidentFields.Exists);
        var (limit, offset) = (Number(context, "sysparm_limit", 10_000), Number(context, "sysparm_offset", 0));
        var (rows, total) = incidents.Read(mishap is Mishap.StaleRead, all =>
        {
            var found = query.Sort(all.Where(one => query.Matches(name => one[name])), (one, name) => one[name]).ToList();
            return (found.Skip(offset).Take(limit).Select(one => new Dictionary<string, string>(one.Fields)).ToList(), found.Count);
        });
        context.Response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
        return Wire.Json(context, 200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("result");
            foreach (var row in rows)
            {
                Write(json, row, context);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private Task Entries(HttpContext context, Mishap mishap)
    {
        var query = EncodedQuery.Parse(Query(context, "sysparm_query"), name => name is "element" or "element_id" or "name" or "value");
        var element = context.Request.Query["element_id"].ToString();
        var rows = incidents.Read(mishap is Mishap.StaleRead, all => all.SelectMany(one => one.Journal)
            .Where(entry => (element.Length == 0 || entry.ElementId == element)
                && query.Matches(name => name switch { "element" => entry.Element, "element_id" => entry.ElementId, "name" => Incidents, _ => entry.Value }))
            .ToList());
        return Wire.Json(context, 200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("result");
            foreach (var entry in rows)
            {
                json.WriteStartObject();
                json.WriteString("sys_id", entry.SysId);
                json.WriteString("element", entry.Element);
                json.WriteString("element_id", entry.ElementId);
                json.WriteString("name", Incidents);
                json.WriteString("value", entry.Value);
                json.WriteString("sys_created_by", entry.By);
                json.WriteString("sys_created_on", IncidentStore.Stamp(entry.At));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private Task Record(HttpContext context, int status, string sysId)
    {
        var fields = incidents.ReadOne(sysId, hideNewest: false, found => found is null ? null : new Dictionary<string, string>(found.Fields));
        return fields is null
            ? NoRecord(context)
            : Wire.Json(context, status, json =>
            {
                json.WriteStartObject();
                json.WritePropertyName("result");
                Write(json, fields, context);
                json.WriteEndObject();
            });
    }

    private static void Write(Utf8JsonWriter json, Dictionary<string, string> fields, HttpContext context)
    {
        json.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            if (value.Length > 0 && IncidentFields.References.TryGetValue(name, out var table))
            {
                json.WriteStartObject(name);
                json.WriteString("link", $"{context.Request.Scheme}://{context.Request.Host}/servicenow/{Tables}{table}/{value}");
                json.WriteString("value", value);
                json.WriteEndObject();
            }
            else
            {
                json.WriteString(name, value);
            }
        }

        json.WriteEndObject();
    }

    private static async Task<Dictionary<string, string>?> Fields(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return body.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.ToString(), StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            await Fail(context, 400, "Exception while reading request", "The payload is not valid JSON.");
            return null;
        }
    }

    private static string Query(HttpContext context, string name) => context.Request.Query[name].ToString();

    private static int Number(HttpContext context, string name, int otherwise) => int.TryParse(Query(context, name), out var number) ? number : otherwise;

    private static Task NoRecord(HttpContext context) => Fail(context, 404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval");

    private static Task Unauthorized(HttpContext context, string message)
    {
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Service-now\"";
        return Fail(context, 401, message, "Required to provide Auth information");
    }

    private static Task Fail(HttpContext context, int status, string message, string? detail) =>
        Wire.Text(context, status, "application/json;charset=UTF-8", Envelope(message, detail));

    private static string Envelope(string message, string? detail) => Wire.JsonText(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("detail", detail);
        json.WriteEndObject();
        json.WriteString("status", "failure");
        json.WriteEndObject();
    });
}

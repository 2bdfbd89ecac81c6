using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vedette.Lab.Behaviour;
using Vedette.Lab.Company;

namespace Vedette.Lab.ServiceNow;

/// <summary>The Table API over incident, sys_journal_field and sys_user.</summary>
internal sealed class ServiceNowStandIn(
    IncidentStore incidents, RecordWriter records, LabOptions options, CancellationToken closing) : IHttpStandIn
{
    private static readonly string[] Tables = ["incident", "sys_journal_field", "sys_user"];

    public LabSystem System => LabSystem.ServiceNow;

    public (string ContentType, string Body) Error(int status, string text) => status is StatusCodes.Status429TooManyRequests
        ? ("text/plain", text)
        : ("application/json", Wire.JsonText(json => WriteError(json, text, null)));

    public async Task Answer(HttpContext context, string path, Mishap mishap)
    {
        if (Wire.Basic(context.Request) != (LabCredentials.ServiceNowUser, LabCredentials.ServiceNowPassword))
        {
            await Unauthorized(context);
            return;
        }

        if (path == "api/now/attachment" && HttpMethods.IsGet(context.Request.Method))
        {
            // The lab keeps no files, so no record has any.
            await Page(context, new(context.Request), "sys_attachment", 0, """{"result":[]}""");
            return;
        }

        if (TablePath(path) is not { } target)
        {
            await Refuse(context, 400, "Requested URI does not represent any resource", null);
            return;
        }

        if (!Tables.Contains(target.Table))
        {
            await Refuse(context, 400, $"Invalid table {target.Table}", null);
            return;
        }

        var method = context.Request.Method;
        await ((method, target.Table, target.Id) switch
        {
            ("GET", "incident", null) => List(context, mishap),
            ("GET", "incident", { } id) => One(context, id, mishap),
            ("GET", "sys_journal_field", null) => Journal(context),
            ("GET", "sys_user", null) => Users(context),
            ("GET", "sys_user", { } id) => User(context, id),
            ("POST", "incident", null) => Create(context, mishap),
            ("PUT" or "PATCH", "incident", { } id) => Update(context, id, mishap),
            ("DELETE", "incident", { } id) => Delete(context, id),
            ("GET", _, _) => NoRecord(context),
            _ => Refuse(context, 405, $"{method} is not supported on this resource", null),
        });
    }

    private static (string Table, string? Id)? TablePath(string path)
    {
        var parts = path.Split('/');
        return parts switch
        {
            ["api", "now", "table", var table] => (table, null),
            ["api", "now", "table", var table, var id] => (table, id),
            ["api", "now", "v1" or "v2", "table", var table] => (table, null),
            ["api", "now", "v1" or "v2", "table", var table, var id] => (table, id),
            _ => null,
        };
    }

    private Task List(HttpContext context, Mishap mishap)
    {
        var request = new TableRequest(context.Request);
        var query = EncodedQuery.Parse(request.Query, IncidentFields.Exists);
        var total = 0;
        var body = incidents.Read(query, mishap is Mishap.StaleRead, all => Wire.JsonText(json =>
        {
            var found = query.Sort(all.Where(each => query.Matches(field => each[field])), (row, field) => row[field]).ToList();
            total = found.Count;
            WriteList(json, found.Skip(request.Offset).Take(request.Limit), each => records.Incident(json, each, request));
        }));
        return Page(context, request, "incident", total, body);
    }

    private Task Journal(HttpContext context)
    {
        var request = new TableRequest(context.Request);
        var query = EncodedQuery.Parse(request.Query, field => field is "element" or "element_id" or "name" or "value" or "sys_id"
            or "sys_created_by" or "sys_created_on");
        var ofOne = query.Exactly("element_id");
        var entries = ofOne is null
            ? incidents.Read(false, all => all.SelectMany(each => each.Journal).ToList())
            : incidents.ReadOne(ofOne, false, each => each?.Journal.ToList() ?? []);
        static string Value(JournalEntry entry, string field) =>
            RecordWriter.JournalFields(entry).FirstOrDefault(pair => pair.Name == field).Value ?? "";
        var found = query.Sort(entries.Where(entry => query.Matches(field => Value(entry, field))), Value).ToList();
        var page = found.Skip(request.Offset).Take(request.Limit);
        return Page(context, request, "sys_journal_field", found.Count,
            Wire.JsonText(json => WriteList(json, page, each => RecordWriter.Journal(json, each, request))));
    }

    private Task Users(HttpContext context)
    {
        static string Value(Person person, string field) =>
            RecordWriter.UserFields(person).FirstOrDefault(pair => pair.Name == field).Value ?? "";
        var request = new TableRequest(context.Request);
        var query = EncodedQuery.Parse(request.Query, field => RecordWriter.UserFields(Halden.People[0]).Any(pair => pair.Name == field));
        var found = query.Sort(Halden.People.Where(each => query.Matches(field => Value(each, field))), Value).ToList();
        var page = found.Skip(request.Offset).Take(request.Limit);
        return Page(context, request, "sys_user", found.Count,
            Wire.JsonText(json => WriteList(json, page, each => RecordWriter.User(json, each, request))));
    }

    private static Task User(HttpContext context, string id) =>
        Halden.People.FirstOrDefault(person => RecordWriter.UserId(person) == id) is { } person
            ? Result(context, 200, Wire.JsonText(json => WriteOne(json, () => RecordWriter.User(json, person, new(context.Request)))))
            : NoRecord(context);

    private Task One(HttpContext context, string id, Mishap mishap)
    {
        var request = new TableRequest(context.Request);
        var body = incidents.ReadOne(id, mishap is Mishap.StaleRead, found => found is null ? null : Text(found, request));
        return body is null ? NoRecord(context) : Result(context, 200, body);
    }

    private async Task Create(HttpContext context, Mishap mishap)
    {
        if (await Fields(context) is not { } written)
        {
            return;
        }

        if (mishap is Mishap.LateWork or Mishap.LateWorkOwnId)
        {
            WorkLater(() => incidents.Create(written, honourSysId: mishap is Mishap.LateWork));
            await HttpGate.Reset(context);
            return;
        }

        if (incidents.Create(written, honourSysId: mishap is not Mishap.OwnId) is not { } made)
        {
            await Refuse(context, 403, "Operation Failed",
                "Error during insert of incident: Unique Key violation detected by database "
                + $"((conn=417) Duplicate entry '{written["sys_id"]}' for key 'PRIMARY')");
            return;
        }

        context.Response.Headers.Location = $"{records.TableUrl("incident")}/{made.SysId}";
        await One(context, made.SysId, 201);
    }

    private async Task Update(HttpContext context, string id, Mishap mishap)
    {
        if (await Fields(context) is not { } written)
        {
            return;
        }

        if (mishap is Mishap.LateWork or Mishap.LateWorkOwnId)
        {
            WorkLater(() => incidents.Update(id, written));
            await HttpGate.Reset(context);
            return;
        }

        await (incidents.Update(id, written) is null ? NoRecord(context) : One(context, id, 200));
    }

    private Task One(HttpContext context, string id, int status)
    {
        var request = new TableRequest(context.Request);
        var body = incidents.ReadOne(id, false, found => found is null ? null : Text(found, request));
        return body is null ? NoRecord(context) : Result(context, status, body);
    }

    private Task Delete(HttpContext context, string id)
    {
        if (!incidents.Delete(id))
        {
            return NoRecord(context);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>The work goes on without its caller, until the lab closes.</summary>
    private void WorkLater(Action work) =>
        _ = Task.Delay(options.LateWorkAfter, options.Clock, closing)
            .ContinueWith(_ => work(), closing, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    private string Text(Incident incident, TableRequest request) =>
        Wire.JsonText(json => WriteOne(json, () => records.Incident(json, incident, request)));

    /// <summary>The fields of the body as the table stores them, or null when the request has been refused.</summary>
    private static async Task<Dictionary<string, string>?> Fields(HttpContext context)
    {
        JsonDocument body;
        try
        {
            body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException fault)
        {
            await Refuse(context, 400, "Exception while reading request", $"Cannot decode: {fault.Message}");
            return null;
        }

        using (body)
        {
            if (body.RootElement.ValueKind is not JsonValueKind.Object)
            {
                await Refuse(context, 400, "Exception while reading request", "The payload is not an object");
                return null;
            }

            return body.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => Stored(field.Value), StringComparer.Ordinal);
        }
    }

    private static string Stored(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Null => "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        // A reference read from the API may be written back as it came.
        JsonValueKind.Object when value.TryGetProperty("value", out var inner) => inner.ToString(),
        _ => value.GetRawText(),
    };

    private Task Page(HttpContext context, TableRequest request, string table, int total, string body)
    {
        context.Response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
        if (request.Limit > 0 && total > request.Limit)
        {
            var last = (total - 1) / request.Limit * request.Limit;
            var links = new List<string> { Link(0, "first"), Link(last, "last") };
            if (request.Offset > 0)
            {
                links.Add(Link(Math.Max(0, request.Offset - request.Limit), "prev"));
            }

            if (request.Offset + request.Limit < total)
            {
                links.Add(Link(request.Offset + request.Limit, "next"));
            }

            context.Response.Headers.Link = string.Join(',', links);
        }

        return Result(context, 200, body);

        string Link(int offset, string relation) =>
            $"<{records.TableUrl(table)}?sysparm_query={Uri.EscapeDataString(request.Query)}&sysparm_limit={request.Limit}"
            + $"&sysparm_offset={offset}>;rel=\"{relation}\"";
    }

    private static Task Result(HttpContext context, int status, string body) =>
        Wire.Text(context, status, "application/json;charset=UTF-8", body);

    private static void WriteOne(Utf8JsonWriter json, Action record)
    {
        json.WriteStartObject();
        json.WritePropertyName("result");
        record();
        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, IEnumerable<T> rows, Action<T> record)
    {
        json.WriteStartObject();
        json.WriteStartArray("result");
        foreach (var row in rows)
        {
            record(row);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Task NoRecord(HttpContext context) =>
        Refuse(context, 404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval");

    private static Task Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Basic realm=\"Service-now\"";
        return Refuse(context, 401, "User Not Authenticated", "Required to provide Auth information");
    }

    private static Task Refuse(HttpContext context, int status, string message, string? detail) =>
        Wire.Json(context, status, json => WriteError(json, message, detail));

    private static void WriteError(Utf8JsonWriter json, string message, string? detail)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("detail", detail);
        json.WriteEndObject();
        json.WriteString("status", "failure");
        json.WriteEndObject();
    }
}

using System.Text;
using System.Text.Json;
using Vedette.Engine.Access;
using Vedette.Engine.Lists;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>decided_list</c>: custom lists, by number or name.</summary>
internal sealed class DecidedListResource(ILists lists, Records records) : IResource
{
    private static readonly Shape Body = new Shape("ListBody", "A custom list.")
        .Needs("name", Kind.Text, "Its name; unique.")
        .Needs("content", Kind.Any, "A list of rows, each a list of text or null. A flat list is one row.");

    private static readonly Shape Edit = new Shape("ListEdit", "Either `content`, or any of the others.")
        .With("content", Kind.Any, "Replaces all rows.")
        .With("append_rows", Kind.Any, "Rows to add at the end; a single value is a row of one.")
        .With("update_rows", Kind.Object, "Row number to new row, as `{\"0\": [\"x\"]}`.")
        .With("delete_rows", Kind.Any, "Numbers of rows to take out.");

    private static readonly (int, string)[] Missing = [(404, "There is no such list; the message ends with `item not found`.")];

    public IEnumerable<Route> Routes =>
    [
        Route.List("decided_list", "List the custom lists", RecordTypes.DecidedList, records),
        Route.Post("decided_list", "Make a custom list", Body, Create) with { Needed = Permissions.EditLists, Answers = Shapes.Written, Errors = [(400, "The name is taken, or the content is no table of text.")] },
        Route.Get("decided_list/{name}", "Read a custom list", Read) with { Shows = RecordTypes.DecidedList, Needed = Permissions.ViewLists, Errors = Missing, Description = "Digits are tried as a number first, then as a name." },
        Route.Post("decided_list/{name}", "Change a custom list", Edit, Change) with { Needed = Permissions.EditLists, Errors = Missing },
        Route.Delete("decided_list/{name}", "Delete a custom list", call => call.Work.Write(unit => lists.Delete(unit, call.Caller, call.Path[1]), _ => RestAnswer.Ok(Wire.Success()), call.Ct)) with
        {
            Needed = Permissions.EditLists, Errors = Missing, Description = "The one thing that a token may delete.",
        },
        Route.Get("decided_list/{name}/formatted_content", "Read a custom list as text", Formatted) with
        {
            Needed = Permissions.ViewLists, Errors = Missing, ContentType = "text/plain",
            Parameters = [("_output_format", "`csv`; there is no other."), ("_fs", "What stands between fields, `,` if nothing is said."), ("_rs", "What stands between rows, a line end if nothing is said.")],
        },
    ];

    private async Task<RestAnswer> Read(RestCall call) =>
        (await lists.Get(call.Caller, call.Path[1])).Ok(out var row, out var refusal) ? await records.One(call, RecordTypes.DecidedList, row.Id) : RestAnswer.Of(refusal);

    private async Task<RestAnswer> Formatted(RestCall call)
    {
        if (!(await lists.Get(call.Caller, call.Path[1])).Ok(out var row, out var refusal))
        {
            return RestAnswer.Of(refusal);
        }

        var (between, end) = (call.Param("_fs") ?? ",", call.Param("_rs") ?? "\n");
        using var content = JsonDocument.Parse(row.Content);
        var lines = content.RootElement.EnumerateArray().Select(cells => string.Join(between, (cells.ValueKind == JsonValueKind.Array ? cells.EnumerateArray() : Enumerable.Repeat(cells, 1)).Select(cell => Csv.Cell(cell.GetString() ?? "", between, end))));
        return new RestAnswer(200, null, Encoding.UTF8.GetBytes(string.Join(end, lines)), "text/plain; charset=utf-8");
    }

    private Task<RestAnswer> Create(RestCall call)
    {
        var body = call.Body(Body);
        var content = body.Value("content") ?? throw new BadRequestException("content is missing.");
        return call.Work.Write(unit => lists.Create(unit, call.Caller, body.Text("name") ?? "", content), id => RestAnswer.Ok(Wire.Success(id.Value)), call.Ct);
    }

    private Task<RestAnswer> Change(RestCall call)
    {
        var body = call.Body(Edit);
        var name = call.Path[1];
        if (body.Value("content") is { } content)
        {
            return call.Work.Write(unit => lists.Replace(unit, call.Caller, name, content), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
        }

        var delete = body.Words("delete_rows")?.Select(row => RestCall.Id(row) is { } number and <= int.MaxValue ? (int)number : throw new BadRequestException("delete_rows takes row numbers.")).ToList();
        var edit = new ListEdit(body.Value("update_rows"), delete, body.Value("append_rows"));
        return call.Work.Write(unit => lists.Edit(unit, call.Caller, name, edit), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class AppRunResource(IStore store, Records records) : IResource
{
    public IEnumerable<Route> Routes =>
    [
        Route.Get("app_run", "List what was carried out", List) with
        {
            Lists = RecordTypes.AppRun, Needed = RecordTypes.AppRun.Needed,
            Description = "`result_data` is in the list with `include_expensive`. It can be filtered as text (`_filter_result_data__regex`, `__iregex`, `__contains`, `__icontains`), written with `\": \"` and `\", \"` between its parts.",
        },
        Route.One("app_run/{id}", "Read what was carried out, with its results", RecordTypes.AppRun, records),
        Route.Get("app_run/{id}/log", "Read how it was carried out", Log) with
        {
            Needed = RecordTypes.AppRun.Needed, Answers = RecordTypes.LogLines, Description = "What the journal has on it, oldest first.",
        },
    ];

    private async Task<RestAnswer> List(RestCall call)
    {
        var asked = call.Query.Where(pair => ResultFilter.Is(pair.Key)).Select(pair => ResultFilter.Read(pair.Key, pair.Value)).ToList();
        if (asked.Count == 0)
        {
            return await records.List(call, RecordTypes.AppRun);
        }

        // The text that is searched is made from several rows, so it is no column: the other filters decide which are looked at.
        var where = await records.Condition(call, RecordTypes.AppRun, ResultFilter.Is);
        var count = await store.Count<AppRunRow>(where, call.Ct);
        if (count > ResultFilter.Most)
        {
            return RestAnswer.Failed(400, $"{count} app runs would have to be searched for their result_data; {ResultFilter.Most} are allowed. Filter by time, action, app, asset or container as well.");
        }

        var found = new List<object?>();
        foreach (var row in await store.Select<AppRunRow>(Query.For(where), call.Ct))
        {
            var text = Wire.Spaced(await RecordTypes.Results(store, row, call.Ct));
            if (asked.TrueForAll(filter => filter.Fits(text)))
            {
                found.Add(row.Id);
            }
        }

        return await records.List(call, RecordTypes.AppRun, Where.In("Id", found), ResultFilter.Is);
    }

    private async Task<RestAnswer> Log(RestCall call)
    {
        if (await store.Find<AppRunRow>(call.Number, call.Ct) is not { } appRun || appRun.TenantId != call.Caller.TenantId)
        {
            return RestAnswer.NotFound("app_run");
        }

        var lines = new List<(DateTimeOffset At, int Level, string Text)>();
        foreach (var row in await store.Select<ActionResultRow>(new Query { Where = RecordTypes.Of(appRun), Order = [(nameof(ActionResultRow.Position), false)] }, call.Ct))
        {
            var what = $"Parameters {(row.Position + 1).ToString(CultureInfo.InvariantCulture)}";
            lines.Add((row.CreatedAt, 2, $"{what}: asked for{(row.Decision.Length > 0 ? $"; policy: {row.Decision}" : "")}."));
            if (row.StartedAt is { } started)
            {
                lines.Add((started, 2, $"{what}: sent, attempt {row.Attempt}."));
            }

            if (row.EndedAt is { } ended)
            {
                lines.Add((ended, row.Status == "failed" ? 0 : 2, $"{what}: {row.Status}. {row.Message}".TrimEnd()));
            }
        }

        var data = new JsonArray([.. lines.OrderBy(line => line.At).Select((line, at) => (JsonNode)new JsonObject { ["id"] = at + 1, ["message"] = line.Text, ["message_type"] = line.Level, ["time"] = Wire.Time(line.At) })]);
        return RestAnswer.Ok(Wire.List(data));
    }
}

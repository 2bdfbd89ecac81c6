using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vedette.Engine.Indicators;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary>Values seen across artifacts, and where.</summary>
internal sealed class IndicatorResource(IIndicators indicators, Records records) : IResource
{
    private const int MostSeen = 10_000;

    private static readonly (string, string) Range = ("timerange", "Seen last in: `today`, `yesterday`, `this_week`, `last_week`, `last_7_days`, `this_month`, `last_month`, `last_30_days`, `this_year`, `last_year` or `all`. Without it `last_30_days`.");

    private static readonly Shape Tags = new Shape("IndicatorBody", "What can be changed of an indicator.").With("tags", Kind.Words, "Replaces all tags.");

    private static readonly Shape Seen = new Shape("SeenIn", "Where it was seen.").Needs("container_id", Kind.Whole, "The event.").With("artifact_id", Kind.Whole, "The artifact.").With("field", Kind.Text, "The CEF field.");

    private static readonly Shape Counted = new Shape("IndicatorCount").Needs("indicator_count", Kind.Whole, "Values.").Needs("indicator_instance_count", Kind.Whole, "Places where they were seen.");

    private static readonly Shape TopLabels = new Shape("IndicatorLabels").Needs("topLabels", Kind.Any, "A list of objects with `label` and `count`: the labels of events, and in how many places of theirs an indicator was seen; the most first.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("indicator", "List indicators", List) with
        {
            Description = "They are made a moment after an artifact, from its CEF fields that say what they contain. A run that reads them misses none of its own event.",
            Lists = RecordTypes.Indicator, Needed = Permissions.ViewEvents, Parameters = [Range],
        },
        Route.One("indicator/{id}", "Read an indicator", RecordTypes.Indicator, records),
        Route.Post("indicator/{id}", "Tag an indicator", Tags, Change) with { Needed = Permissions.EditEvents },
        Route.Get("indicator_by_value", "Read the indicator of a value", ByValue) with
        {
            Shows = RecordTypes.Indicator, Needed = Permissions.ViewEvents, Parameters = [("indicator_value", "The value, as it stands in the artifact."), Range], Errors = [(404, "It was not seen.")],
        },
        Route.Get("indicator_artifact", "List where an indicator was seen", Artifacts) with
        {
            Needed = Permissions.ViewEvents, Answers = Seen, AnswersList = true, Parameters = [("indicator_id", "Its number.")],
        },
        Route.Get("indicator_common_container", "List the events that have all of these indicators", Common) with
        {
            Needed = Permissions.ViewEvents, Answers = Seen, AnswersList = true, Parameters = [("indicator_ids", "Their numbers, with commas between.")],
        },
        Route.Get("indicator_stats_indicator_count", "Count indicators", Count) with { Needed = Permissions.ViewEvents, Answers = Counted },
        Route.Get("indicator_stats_top_labels", "Count where indicators were seen, by the label of the event", Labels) with { Needed = Permissions.ViewEvents, Answers = TopLabels },
    ];

    private Task<RestAnswer> List(RestCall call) => records.List(call, RecordTypes.Indicator, In(call));

    private Task<RestAnswer> Change(RestCall call)
    {
        var tags = call.Body(Tags).Words("tags") ?? [];
        return call.Work.Write(unit => indicators.SetTags(unit, call.Caller, new IndicatorId(call.Number), tags), _ => RestAnswer.Ok(Wire.Success(call.Number)), call.Ct);
    }

    private async Task<RestAnswer> ByValue(RestCall call)
    {
        var value = call.Param("indicator_value") ?? throw new BadRequestException("indicator_value is missing.");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
        var found = await call.Work.Store.Select<IndicatorRow>(new Query { Where = Mine(call) & Where.Is(nameof(IndicatorRow.ValueHash), hash) & In(call), Limit = 1 }, call.Ct);
        return found.Count == 0 ? RestAnswer.NotFound("indicator") : await records.One(call, RecordTypes.Indicator, found[0].Id);
    }

    private async Task<RestAnswer> Artifacts(RestCall call)
    {
        var seen = await SeenIn(call, Id(call.Param("indicator_id"), "indicator_id"));
        return RestAnswer.Ok(new JsonArray([.. seen.Select(one => (JsonNode)new JsonObject { ["artifact_id"] = one.ArtifactId, ["container_id"] = one.ContainerId, ["field"] = one.Field })]));
    }

    private async Task<RestAnswer> Common(RestCall call)
    {
        IEnumerable<long>? common = null;
        foreach (var id in (call.Param("indicator_ids") ?? "").Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var containers = (await SeenIn(call, Id(id, "indicator_ids"))).Select(one => one.ContainerId).Distinct();
            common = common is null ? containers : common.Intersect(containers);
        }

        return common is null
            ? throw new BadRequestException("indicator_ids is missing.")
            : RestAnswer.Ok(new JsonArray([.. common.Order().Select(container => (JsonNode)new JsonObject { ["container_id"] = container })]));
    }

    private async Task<RestAnswer> Count(RestCall call) => RestAnswer.Ok(new JsonObject
    {
        ["indicator_count"] = await call.Work.Store.Count<IndicatorRow>(Mine(call), call.Ct),
        ["indicator_instance_count"] = await call.Work.Store.Count<IndicatorArtifactRow>(Mine(call), call.Ct),
    });

    private async Task<RestAnswer> Labels(RestCall call)
    {
        var label = new Engine.Storage.Path(nameof(ContainerRow.Label), Through: [(nameof(IndicatorArtifactRow.ContainerId), typeof(ContainerRow))]);
        var counted = new List<(string Label, long Count)>();
        foreach (var known in await call.Work.Store.Select<LabelRow>(Query.For(Mine(call)), call.Ct))
        {
            counted.Add((known.Name, await call.Work.Store.Count<IndicatorArtifactRow>(Mine(call) & new Compare(label, Comparison.Equal, known.Name), call.Ct)));
        }

        return RestAnswer.Ok(new JsonObject
        {
            ["topLabels"] = new JsonArray([.. counted.Where(one => one.Count > 0).OrderByDescending(one => one.Count).ThenBy(one => one.Label, StringComparer.Ordinal).Select(one => (JsonNode)new JsonObject { ["label"] = one.Label, ["count"] = one.Count })]),
        });
    }

    private static ValueTask<IReadOnlyList<IndicatorArtifactRow>> SeenIn(RestCall call, long indicator) => call.Work.Store.Select<IndicatorArtifactRow>(
        new Query { Where = Mine(call) & Where.Is(nameof(IndicatorArtifactRow.IndicatorId), indicator), Limit = MostSeen }, call.Ct);

    private static long Id(string? text, string name) => RestCall.Id(text ?? "") ?? throw new BadRequestException($"{name} takes numbers of indicators.");

    private static Where Mine(RestCall call) => Where.Is("TenantId", call.Caller.TenantId);

    private static Where In(RestCall call)
    {
        var now = call.Work.Now;
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var week = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var month = today.AddDays(1 - today.Day);
        var year = today.AddDays(1 - today.DayOfYear);
        (DateTimeOffset? From, DateTimeOffset? Before) range = (call.Param("timerange") ?? "last_30_days").Trim('"') switch
        {
            "all" => (null, null),
            "today" => (today, null),
            "yesterday" => (today.AddDays(-1), today),
            "this_week" => (week, null),
            "last_week" => (week.AddDays(-7), week),
            "last_7_days" => (now.AddDays(-7), null),
            "this_month" => (month, null),
            "last_month" => (month.AddMonths(-1), month),
            "last_30_days" => (now.AddDays(-30), null),
            "this_year" => (year, null),
            "last_year" => (year.AddYears(-1), year),
            _ => throw new BadRequestException(Range.Item2),
        };
        var where = range.From is { } from ? new Compare(nameof(IndicatorRow.LatestTime), Comparison.GreaterOrEqual, from) : Where.All;
        return range.Before is { } before ? where & new Compare(nameof(IndicatorRow.LatestTime), Comparison.Less, before) : where;
    }
}

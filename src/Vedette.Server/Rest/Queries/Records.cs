using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Server.Rest.Queries;

/// <summary>Lists and single records of any type.</summary>
internal sealed class Records(IStore store, Func<string, RecordType?> types)
{
    /// <summary>What a list holds in memory at most: <c>page_size=0</c> is everything, but not more than this.</summary>
    public const int Most = 20_000;

    /// <param name="within">Beside what the request asks for.</param>
    /// <param name="handled">Parameters that the caller has answered already.</param>
    public async Task<RestAnswer> List<T>(RestCall call, RecordType<T> type, Where? within = null, Func<string, bool>? handled = null)
        where T : class, IRow
    {
        if (call.Caller.Lacks(type.Needed) is { } lacks)
        {
            return RestAnswer.Of(lacks);
        }

        var filters = new Filters(types, call.Caller, await Words(call));
        var where = Condition(call, type, filters, handled) & (within ?? Where.All);
        var page = Number(call, "page", 0);
        var size = Number(call, "page_size", 10);
        var count = await store.Count<T>(where, call.Ct);
        if (size == 0 && count > Most)
        {
            return RestAnswer.Failed(400, $"{count} records match and page_size=0 asks for all; {Most} are given at once. Use page and page_size.");
        }

        size = size == 0 ? Most : Math.Min(size, Most);
        var rows = await store.Select<T>(new Query { Where = where, Order = Order(call, type, filters), Limit = size, Offset = (int)Math.Min((long)page * size, int.MaxValue) }, call.Ct);
        var context = new ReadContext(store, call, call.Flag("include_expensive"));
        var without = (call.Param("_exclude_fields") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var data = new JsonArray();
        foreach (var row in rows)
        {
            data.Add(await Show(type, row, context, without));
        }

        return RestAnswer.Ok(new JsonObject { ["count"] = count, ["num_pages"] = (count + size - 1) / size, ["data"] = data });
    }

    public async Task<RestAnswer> One<T>(RestCall call, RecordType<T> type, long id)
        where T : class, IRow
    {
        if (call.Caller.Lacks(type.Needed) is { } lacks)
        {
            return RestAnswer.Of(lacks);
        }

        var found = await store.Select<T>(new Query { Where = Mine(type, call) & Where.Is("Id", id), Limit = 1 }, call.Ct);
        return found.Count == 0
            ? RestAnswer.NotFound(type.Name)
            : RestAnswer.Ok(await Show(type, found[0], new ReadContext(store, call, true), []));
    }

    /// <summary>What the filters of a request mean, all of them together, within what the caller may see.</summary>
    public async Task<Where> Condition<T>(RestCall call, RecordType<T> type, Func<string, bool>? handled = null)
        where T : class, IRow => Condition(call, type, new Filters(types, call.Caller, await Words(call)), handled);

    private static Where Condition<T>(RestCall call, RecordType<T> type, Filters filters, Func<string, bool>? handled)
        where T : class, IRow
    {
        var where = Mine(type, call);
        foreach (var (name, literal) in call.Query)
        {
            if (handled?.Invoke(name) == true)
            {
                continue;
            }

            if (name.StartsWith("_filter_", StringComparison.Ordinal))
            {
                where &= filters.Read(type, name["_filter_".Length..], literal);
            }
            else if (name.StartsWith("_exclude_", StringComparison.Ordinal) && name != "_exclude_fields")
            {
                where &= !filters.Read(type, name["_exclude_".Length..], literal);
            }
        }

        return where;
    }

    /// <summary>The pick lists by number, read only when a filter may name one.</summary>
    private async Task<PickWords> Words(RestCall call)
    {
        if (!call.Query.Any(pair => pair.Key.Contains("status", StringComparison.Ordinal) || pair.Key.Contains("severity", StringComparison.Ordinal)))
        {
            return PickWords.None;
        }

        var mine = Query.For(Where.Is("TenantId", call.Caller.TenantId));
        return new PickWords(
            (await store.Select<StatusRow>(mine, call.Ct)).ToDictionary(row => row.Id, row => row.Name),
            (await store.Select<SeverityRow>(mine, call.Ct)).ToDictionary(row => row.Id, row => row.Name));
    }

    public static async ValueTask<JsonObject> Show<T>(RecordType<T> type, T row, ReadContext context, IReadOnlyList<string> without)
        where T : class, IRow
    {
        var record = new JsonObject();
        foreach (var field in type.Fields)
        {
            record[field.Name] = field.Read(row);
        }

        if (type.Complete is not null)
        {
            await type.Complete(row, record, context);
        }

        foreach (var name in without)
        {
            record.Remove(name);
        }

        return record;
    }

    private static Where Mine<T>(RecordType<T> type, RestCall call)
        where T : class, IRow => typeof(T).GetProperty("TenantId") is null ? type.Base : type.Base & Where.Is("TenantId", call.Caller.TenantId);

    private static List<(Engine.Storage.Path, bool)> Order(RestCall call, RecordType type, Filters filters)
    {
        if (call.Param("sort") is not { Length: > 0 } sort)
        {
            return [("Id", true)];
        }

        var (path, _) = filters.Resolve(type, sort.Replace(".", "__", StringComparison.Ordinal).Split("__"));
        var descending = string.Equals(call.Param("order"), "desc", StringComparison.OrdinalIgnoreCase);
        return path.Column == "Id" ? [(path, descending)] : [(path, descending), ("Id", descending)];
    }

    private static int Number(RestCall call, string name, int otherwise)
    {
        if (call.Param(name) is not { Length: > 0 } text)
        {
            return otherwise;
        }

        return int.TryParse(text.Trim('"', '\''), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new BadQueryException($"{name} takes a whole number from 0.");
    }
}

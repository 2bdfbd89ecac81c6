using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Lists;

internal sealed class ListRoom(IStore store, TimeProvider clock) : ILists
{
    private static readonly Refusal NotFound = new(RefusalKind.NotFound, "no_list", "decided_list item not found");

    public async Task<Outcome<CustomListRow>> Get(Caller caller, string nameOrId)
    {
        if (caller.Lacks(Permissions.ViewLists) is { } lacks)
        {
            return lacks;
        }

        return await Find(new Unit(), caller, nameOrId) is { } row ? row : NotFound;
    }

    public Task<Outcome<CustomListId>> Create(Unit unit, Caller caller, string name, JsonElement content) =>
        Create(unit, caller, name, faults => ListContent.Rows(content, faults, wrapFlat: true));

    public async Task<Outcome<Done>> Put(Unit unit, Caller caller, string name, JsonElement content)
    {
        var faults = new Faults();
        var put = await ByName(unit, caller, name) is null
            ? await Create(unit, caller, name, faults => ListContent.RowsOrValues(content, faults))
            : await Write(unit, caller, name, faults, _ => ListContent.RowsOrValues(content, faults));
        return put.Refusal is { } refusal ? refusal : default(Done);
    }

    private async Task<Outcome<CustomListId>> Create(Unit unit, Caller caller, string name, Func<Faults, JsonArray?> content)
    {
        if (caller.Lacks(Permissions.EditLists) is { } lacks)
        {
            return lacks;
        }

        var faults = new Faults();
        if (string.IsNullOrWhiteSpace(faults.Text("name", name, Limits.NameLength)))
        {
            faults.Add("missing_name", "name is missing.");
        }

        var text = Text(content(faults), faults);
        if (!faults.None)
        {
            return faults.Refusal;
        }

        if (await ByName(unit, caller, name) is { } existing)
        {
            return new Refusal(RefusalKind.Duplicate, "list_exists", $"A list named \"{name}\" already exists.", existing.Id);
        }

        var now = clock.GetUtcNow();
        var row = new CustomListRow
        {
            Id = store.NextId<CustomListRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            Name = name,
            Content = text,
            LatestEditorId = caller.Author,
        };
        unit.Insert(row);
        unit.Audit(caller, now, "created", "decided_list", row.Id, null, new JsonObject { ["name"] = name });
        return new CustomListId(row.Id);
    }

    public async Task<Outcome<CustomListId>> Replace(Unit unit, Caller caller, string nameOrId, JsonElement content)
    {
        var faults = new Faults();
        var rows = ListContent.Rows(content, faults, wrapFlat: true);
        return await Write(unit, caller, nameOrId, faults, _ => rows);
    }

    public async Task<Outcome<Done>> Append(Unit unit, Caller caller, string nameOrId, JsonElement rows) =>
        await Edit(unit, caller, nameOrId, new ListEdit(Append: rows));

    public async Task<Outcome<Done>> Edit(Unit unit, Caller caller, string nameOrId, ListEdit edit)
    {
        var faults = new Faults();
        var written = await Write(unit, caller, nameOrId, faults, rows => Edited(rows, edit, faults));
        return written.Refusal is { } refusal ? refusal : default(Done);
    }

    public async Task<Outcome<Done>> Delete(Unit unit, Caller caller, string nameOrId)
    {
        if (caller.Lacks(Permissions.EditLists) is { } lacks)
        {
            return lacks;
        }

        if (await Find(unit, caller, nameOrId) is not { } row)
        {
            return NotFound;
        }

        unit.Delete<CustomListRow>(row.Id);
        unit.Audit(caller, clock.GetUtcNow(), "deleted", "decided_list", row.Id, null, new JsonObject { ["name"] = row.Name });
        return default(Done);
    }

    private static JsonArray? Edited(JsonArray rows, ListEdit edit, Faults faults)
    {
        if (edit.Update is { ValueKind: JsonValueKind.Object } update)
        {
            foreach (var property in update.EnumerateObject())
            {
                if (int.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < rows.Count)
                {
                    rows[number] = ListContent.Row(property.Value);
                }
                else
                {
                    faults.Add("no_row", $"There is no row {Faults.Short(property.Name)} to update; the list has {rows.Count}.");
                }
            }
        }

        foreach (var number in (edit.Delete ?? []).Distinct().OrderDescending())
        {
            if (number >= 0 && number < rows.Count)
            {
                rows.RemoveAt(number);
            }
            else
            {
                faults.Add("no_row", $"There is no row {number} to delete; the list has {rows.Count}.");
            }
        }

        if (edit.Append is { } append && ListContent.Rows(append, faults, wrapFlat: false) is { } added)
        {
            foreach (var row in added)
            {
                rows.Add(row!.DeepClone());
            }
        }

        return rows;
    }

    private async Task<Outcome<CustomListId>> Write(Unit unit, Caller caller, string nameOrId, Faults faults, Func<JsonArray, JsonArray?> edit)
    {
        if (caller.Lacks(Permissions.EditLists) is { } lacks)
        {
            return lacks;
        }

        if (await Find(unit, caller, nameOrId) is not { } row)
        {
            return NotFound;
        }

        var text = Text(edit(JsonNode.Parse(row.Content)!.AsArray()), faults);
        if (!faults.None)
        {
            return faults.Refusal;
        }

        unit.Update<CustomListRow>(
            row.Id,
            unit.VersionToBuildOn<CustomListRow>(row.Id, row.Version),
            (nameof(row.Content), text),
            (nameof(row.LatestEditorId), caller.Author));
        unit.Audit(caller, clock.GetUtcNow(), "changed", "decided_list", row.Id, null, new JsonObject { ["name"] = row.Name });
        return new CustomListId(row.Id);
    }

    private static string Text(JsonArray? rows, Faults faults)
    {
        var text = rows?.ToJsonString() ?? "[]";
        if (text.Length > Limits.ListLength)
        {
            faults.TooLarge($"The list has {text.Length} characters; {Limits.ListLength} are allowed.");
        }

        return text;
    }

    private async ValueTask<CustomListRow?> Find(Unit unit, Caller caller, string nameOrId)
    {
        if (long.TryParse(nameOrId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && await unit.Find<CustomListRow>(store, id) is { } row && row.TenantId == caller.TenantId)
        {
            return row;
        }

        return await ByName(unit, caller, nameOrId);
    }

    private async ValueTask<CustomListRow?> ByName(Unit unit, Caller caller, string name)
    {
        foreach (var write in unit.Writes)
        {
            if (write is Insert { Row: CustomListRow row } && row.TenantId == caller.TenantId && row.Name == name)
            {
                return await unit.Find<CustomListRow>(store, row.Id);
            }
        }

        var found = await store.Select<CustomListRow>(new Query { Where = Where.Is("TenantId", caller.TenantId) & Where.Is("Name", name), Limit = 1 });
        return found.Count == 0 ? null : await unit.Find<CustomListRow>(store, found[0].Id);
    }
}

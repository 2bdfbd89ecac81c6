using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Containers;

/// <summary>The severities of an installation. One that is taken away stays in the list, disabled, for what has it; its name brings it back.</summary>
internal sealed partial class SeverityList(IStore store, TimeProvider clock)
{
    private const string Grey = "#808080";

    public async Task<Outcome<SeverityId>> Add(Unit unit, Caller caller, SeverityDraft draft)
    {
        if (caller.Lacks(Permissions.EditSettings) is { } lacks)
        {
            return lacks;
        }

        var (faults, name) = (new Faults(), draft.Name.Trim());
        if (!NameForm().IsMatch(name))
        {
            faults.Add("bad_name", "The name of a severity has 1 to 20 letters, digits, _ or -.");
        }

        if (draft.Color is not null && !ColorForm().IsMatch(draft.Color))
        {
            faults.Add("bad_color", "color is written as # and six hexadecimal digits, such as #dc4e41.");
        }

        if (draft.Position is < 0 or > 1_000)
        {
            faults.Add("bad_order", "order is a number from 0, the highest severity, to 1000.");
        }

        var all = await All(caller);
        var known = all.FirstOrDefault(row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known is { Disabled: false })
        {
            return new Refusal(RefusalKind.Duplicate, "severity_exists", $"There is a severity \"{known.Name}\" already.", known.Id);
        }

        if (all.Count(row => !row.Disabled) >= Limits.Severities)
        {
            faults.Add("too_many_severities", $"There are {Limits.Severities} severities, which is what an installation may have; delete one first.");
        }

        if (!faults.None)
        {
            return faults.Refusal;
        }

        var position = draft.Position ?? known?.Position ?? all.Select(row => row.Position).DefaultIfEmpty(-1).Max() + 1;
        var color = draft.Color ?? known?.Color ?? Grey;
        var id = known?.Id ?? store.NextId<SeverityRow>();
        foreach (var below in draft.Position is null ? [] : all.Where(row => row.Id != id && row.Position >= position))
        {
            unit.Update<SeverityRow>(below.Id, null, (nameof(below.Position), below.Position + 1));
        }

        if (known is null)
        {
            unit.Insert(new SeverityRow { Id = id, TenantId = caller.TenantId, Name = name, Color = color, Position = position });
        }
        else
        {
            unit.Update<SeverityRow>(id, null, (nameof(known.Disabled), false), (nameof(known.Color), color), (nameof(known.Position), position));
        }

        unit.Audit(caller, clock.GetUtcNow(), "created", "severity", id, content: new JsonObject { ["name"] = name, ["order"] = position });
        return new SeverityId(id);
    }

    public async Task<Outcome<Done>> Remove(Unit unit, Caller caller, SeverityId id)
    {
        if (caller.LacksToDelete(Permissions.EditSettings) is { } lacks)
        {
            return lacks;
        }

        if ((await All(caller)).FirstOrDefault(row => row.Id == id.Value && !row.Disabled) is not { } row)
        {
            return OwnRows.NotFound("severity");
        }

        if (row.IsDefault)
        {
            return new Refusal(RefusalKind.Invalid, "default_severity", $"\"{row.Name}\" is what an event gets that names no severity, so it stays.");
        }

        unit.Update<SeverityRow>(row.Id, null, (nameof(row.Disabled), true));
        unit.Audit(caller, clock.GetUtcNow(), "deleted", "severity", row.Id, content: new JsonObject { ["name"] = row.Name });
        return default(Done);
    }

    private async Task<IReadOnlyList<SeverityRow>> All(Caller caller) => await store.Select<SeverityRow>(Query.For(Where.Is(nameof(SeverityRow.TenantId), caller.TenantId)));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,20}$")]
    private static partial Regex NameForm();

    [GeneratedRegex("^#[0-9A-Fa-f]{6}$")]
    private static partial Regex ColorForm();
}

using Vedette.Engine.Storage;

namespace Vedette.Engine.Hall;

/// <summary>The words an installation chooses from: severities, statuses, labels.</summary>
internal sealed class PickLists(IReadOnlyList<SeverityRow> severities, IReadOnlyList<StatusRow> statuses)
{
    /// <summary>Those of the first start: senders may name them even when they were taken away.</summary>
    private static readonly string[] Stock = ["high", "medium", "low"];

    public static async ValueTask<PickLists> Read(IStore store, long tenant)
    {
        var mine = new Query { Where = Where.Is("TenantId", tenant), Order = [("Position", false)] };
        return new PickLists(await store.Select<SeverityRow>(mine), await store.Select<StatusRow>(mine));
    }

    public static async ValueTask<LabelRow?> Label(IStore store, long tenant, string name)
    {
        var found = await store.Select<LabelRow>(new Query { Where = Where.Is("TenantId", tenant) & Where.Is("Name", name), Limit = 1 });
        return found.Count == 0 ? null : found[0];
    }

    public SeverityRow? Severity(Faults faults, string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return severities.FirstOrDefault(row => row.IsDefault) ?? severities.FirstOrDefault(row => !row.Disabled);
        }

        var row = severities.FirstOrDefault(row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && (!row.Disabled || Stock.Contains(row.Name)));
        if (row is null)
        {
            faults.Add("unknown_severity", $"Severity \"{Faults.Short(name)}\" is not known; it is one of: {string.Join(", ", severities.Where(row => !row.Disabled).Select(row => row.Name))}.");
        }

        return row;
    }

    public StatusRow? Status(Faults faults, string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return statuses.FirstOrDefault(row => row.IsDefault) ?? statuses.FirstOrDefault(row => !row.Disabled);
        }

        var row = statuses.FirstOrDefault(row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (row is null)
        {
            faults.Add("unknown_status", $"Status \"{Faults.Short(name)}\" is not known; it is one of: {string.Join(", ", statuses.Where(row => !row.Disabled).Select(row => row.Name))}.");
        }

        return row;
    }

    /// <summary>What kind of status a stored name is; one that is gone from the list counts as open.</summary>
    public string StatusType(string name) => statuses.FirstOrDefault(row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.StatusType ?? "open";

    /// <summary>The higher of two severities; an unknown one is lower than all.</summary>
    public string? Highest(string? one, string? other) => Position(other) < Position(one) ? severities.First(row => row.Name.Equals(other, StringComparison.OrdinalIgnoreCase)).Name : one;

    private long Position(string? name) => severities.FirstOrDefault(row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Position ?? long.MaxValue;
}

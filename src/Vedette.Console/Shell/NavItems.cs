namespace Vedette.Console.Shell;

/// <summary>The places of the console: the navigation, the palette and the keys read this one list.</summary>
internal static class NavItems
{
    /// <param name="Key">The second key after <c>g</c>.</param>
    /// <param name="Group">The heading it stands under; empty for the first group.</param>
    public sealed record NavItem(string Href, string Name, string Icon, char Key, string Group = "");

    public static IReadOnlyList<NavItem> All { get; } =
    [
        new("events", "Events", "events", 'e'),
        new("approvals", "Approvals", "approvals", 'a'),
        new("cases", "Cases", "case", 'c'),
        new("playbooks", "Playbooks", "playbook", 'p', "Automation"),
        new("runs", "Runs", "runs", 'r', "Automation"),
        new("apps", "Apps & assets", "tool", 's', "Automation"),
        new("repositories", "Repositories", "layers", 'o', "Automation"),
        new("lists", "Custom lists", "rows", 'l', "Automation"),
        new("audit", "Audit", "shield", 'u', "Manage"),
    ];
}

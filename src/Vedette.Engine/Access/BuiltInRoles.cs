namespace Vedette.Engine.Access;

/// <summary>The roles of the field, with what each may do here.</summary>
internal static class BuiltInRoles
{
    public const string Administrator = "Administrator";
    public const string Automation = "Automation";

    private const Permissions Views = Permissions.ViewEvents | Permissions.ViewPlaybooks | Permissions.ViewAssets | Permissions.ViewLists
        | Permissions.ViewUsers | Permissions.ViewPickLists;

    private const Permissions Works = Views | Permissions.CreateEvents | Permissions.EditEvents | Permissions.RunPlaybooks
        | Permissions.RunActions | Permissions.EditLists;

    public static IReadOnlyList<(string Name, string Description, Permissions May)> All { get; } =
    [
        (Administrator, "Everything.", Permissions.All),
        (Automation, "What playbooks and systems that send alerts need.", Works),
        ("Automation Engineer", "Writes playbooks and tries them.", Works | Permissions.EditPlaybooks),
        ("Asset Owner", "Sees events, answers for assets.", Permissions.ViewEvents | Permissions.ViewAssets | Permissions.ViewUsers | Permissions.ViewPickLists),
        ("Incident Commander", "Leads the work on events, and may stop all automation.", Works | Permissions.DeleteEvents | Permissions.StopSwitch),
        ("Observer", "Sees, changes nothing.", Views),
        ("Analyst", "Works on events.", Works),
    ];
}

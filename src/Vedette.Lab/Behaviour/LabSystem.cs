namespace Vedette.Lab.Behaviour;

internal enum LabSystem { Splunk, Ldap, Whois, Rdap, Shodan, ServiceNow }

internal static class LabSystems
{
    internal const int Count = 6;

    internal static readonly LabSystem[] All = Enum.GetValues<LabSystem>();

    internal static string Name(LabSystem system) => system switch
    {
        LabSystem.Splunk => "splunk",
        LabSystem.Ldap => "ldap",
        LabSystem.Whois => "whois",
        LabSystem.Rdap => "rdap",
        LabSystem.Shodan => "shodan",
        LabSystem.ServiceNow => "servicenow",
        _ => throw new ArgumentOutOfRangeException(nameof(system)),
    };

    internal static LabSystem? Find(string? name) =>
        All.Where(system => Name(system) == name).Select(system => (LabSystem?)system).FirstOrDefault();
}

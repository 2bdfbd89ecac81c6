namespace Vedette.Lab.Whois;

internal sealed record Contact(
    string? Name, string Organization, string Street, string City, string State, string PostalCode, string Country, string? Phone, string? Email);

/// <param name="CreatedAt">Null for a registry that does not tell.</param>
/// <param name="Registrant">Null when only the registrar could tell and keeps it to itself.</param>
internal sealed record Registration(
    string Domain, string Handle, string Registrar, string AbuseEmail, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt,
    DateTimeOffset? ExpiresAt, string[] Statuses, string[] NameServers, Contact? Registrant);

internal sealed record Network(
    string Prefix, string First, string Last, string Name, string Handle, string Organization, string Address, string Country,
    string Registry, string Allocated, int Asn, string AsName, string AbuseEmail)
{
    internal bool Holds(System.Net.IPAddress address) => System.Net.IPNetwork.Parse(Prefix).Contains(address);
}

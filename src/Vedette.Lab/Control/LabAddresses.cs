using System.Text.Json;

namespace Vedette.Lab.Control;

/// <summary>Where each system listens.</summary>
/// <param name="WhoisPorts">The ports of the WHOIS servers by their part, the first one (<c>iana</c>) included.</param>
internal sealed record LabAddresses(
    string Url, string TlsUrl, string Certificate, string Host, int LdapPort, int LdapsPort, IReadOnlyDictionary<string, int> WhoisPorts)
{
    internal int WhoisPort => WhoisPorts["iana"];

    internal string Of(string system) => $"{Url}/{system}";

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var system in (string[])["splunk", "rdap", "shodan", "servicenow"])
        {
            json.WriteStartObject(system);
            json.WriteString("url", Of(system));
            json.WriteString("tls_url", $"{TlsUrl}/{system}");
            json.WriteEndObject();
        }

        json.WriteString("certificate_authority", Certificate);
        Listener(json, "ldap", LdapPort);
        json.WriteNumber("tls_port", LdapsPort);
        json.WriteEndObject();
        Listener(json, "whois", WhoisPort);
        json.WriteStartObject("servers");
        foreach (var (part, port) in WhoisPorts)
        {
            json.WriteString(part, $"{Host}:{port}");
        }

        json.WriteEndObject();
        json.WriteEndObject();

        json.WriteStartObject("credentials");
        Login(json, "splunk", LabCredentials.SplunkUser, LabCredentials.SplunkPassword);
        json.WriteString("token", LabCredentials.SplunkToken);
        json.WriteEndObject();
        Login(json, "ldap", LabCredentials.LdapUser, LabCredentials.LdapPassword);
        json.WriteEndObject();
        json.WriteStartObject("shodan");
        json.WriteString("api_key", LabCredentials.ShodanKey);
        json.WriteEndObject();
        Login(json, "servicenow", LabCredentials.ServiceNowUser, LabCredentials.ServiceNowPassword);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Listener(Utf8JsonWriter json, string system, int port)
    {
        json.WriteStartObject(system);
        json.WriteString("host", Host);
        json.WriteNumber("port", port);
    }

    private static void Login(Utf8JsonWriter json, string system, string user, string password)
    {
        json.WriteStartObject(system);
        json.WriteString("username", user);
        json.WriteString("password", password);
    }
}

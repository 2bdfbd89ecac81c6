using Vedette.Connectors.ServiceNow;
using Vedette.Connectors.Shodan;
using Vedette.Connectors.Splunk;
using Vedette.Connectors.Whois;
using Vedette.Connectors.WindowsServer;
using Vedette.Sdk;

namespace Vedette.Connectors;

/// <summary>The connectors that come with the house.</summary>
public static class BuiltInConnectors
{
    public static IReadOnlyList<IConnector> All() =>
        [new SplunkConnector(), new WindowsServerConnector(), new WhoisConnector(), new ShodanConnector(), new ServiceNowConnector()];
}

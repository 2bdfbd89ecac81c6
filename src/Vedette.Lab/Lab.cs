using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vedette.Lab.Behaviour;
using Vedette.Lab.Control;
using Vedette.Lab.Directory;
using Vedette.Lab.ServiceNow;
using Vedette.Lab.Shodan;
using Vedette.Lab.Whois;

namespace Vedette.Lab;

/// <summary>A small security operations centre to try things on: stand-ins over real sockets, on loopback only.</summary>
public sealed class Lab : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IncidentStore _incidents;
    private readonly DirectoryStandIn _directory;
    private readonly WhoisStandIn _whois;

    private Lab(WebApplication app, IncidentStore incidents, DirectoryStandIn directory, WhoisStandIn whois)
    {
        (_app, _incidents, _directory, _whois) = (app, incidents, directory, whois);
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where the stand-ins that speak HTTP are, each under its name, and the lab's own API under <c>/_lab</c>.</summary>
    public Uri Url { get; }

    public static async Task<Lab> Start(LabOptions options, CancellationToken ct = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        var app = builder.Build();
        var incidents = new IncidentStore(options.Clock);
        var behaviours = new Behaviours(options.Seed);
        var calls = new CallLog(options.RememberedRequests);
        var gate = new HttpGate([new ServiceNowStandIn(incidents, options), new ShodanStandIn()], behaviours, calls, options);
        Lab? lab = null;
        new LabControl(incidents, behaviours, calls).Map(app, json => lab!.Systems(json));
        app.Map("/{**path}", gate.Pass);
        await app.StartAsync(ct);
        var directory = new DirectoryStandIn(behaviours, calls, options);
        directory.Start(options.LdapPort);
        var whois = new WhoisStandIn(behaviours, calls, options);
        whois.Start(options.WhoisPort);
        lab = new Lab(app, incidents, directory, whois);
        return lab;
    }

    /// <summary>Ends when so many incidents have been made.</summary>
    public Task IncidentsMade(int count) => _incidents.Reached(count);

    public async ValueTask DisposeAsync()
    {
        await _directory.DisposeAsync();
        await _whois.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void Systems(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        System(json, "splunk", ("url", Under("splunk")), ("username", LabCredentials.SplunkUser), ("password", LabCredentials.SplunkPassword));
        System(json, "ldap", ("host", "127.0.0.1"), ("port", _directory.Port.ToString(CultureInfo.InvariantCulture)), ("tls", "false"), ("username", LabCredentials.LdapUser), ("password", LabCredentials.LdapPassword));
        System(json, "whois", ("host", "127.0.0.1"), ("port", _whois.Port.ToString(CultureInfo.InvariantCulture)));
        System(json, "shodan", ("url", Under("shodan")), ("api_key", LabCredentials.ShodanKey));
        System(json, "servicenow", ("url", Under("servicenow")), ("username", LabCredentials.ServiceNowUser), ("password", LabCredentials.ServiceNowPassword));
        json.WriteEndObject();
    }

    private string Under(string system) => new Uri(Url, system).ToString();

    private static void System(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Name, string Value)> values)
    {
        json.WriteStartObject(name);
        foreach (var (field, value) in values)
        {
            json.WriteString(field, value);
        }

        json.WriteEndObject();
    }
}

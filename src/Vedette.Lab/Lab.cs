using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Lab.Behaviour;
using Vedette.Lab.Control;
using Vedette.Lab.Directory;
using Vedette.Lab.ServiceNow;
using Vedette.Lab.Shodan;
using Vedette.Lab.Splunk;
using Vedette.Lab.Whois;

namespace Vedette.Lab;

/// <summary>
/// A small security operations centre on loopback: Splunk, a directory, WHOIS, RDAP, Shodan and ServiceNow of one made-up
/// company, speaking the real protocols. <c>/_lab</c> tells what they saw and makes them misbehave.
/// </summary>
public sealed class Lab : IAsyncDisposable
{
    private const string ControlPrefix = "/_lab/";

    private readonly WebApplication _web;
    private readonly LabCertificate _certificate = new();
    private readonly TcpDoor _ldap;
    private readonly TcpDoor _ldaps;
    private readonly Dictionary<WhoisPart, TcpDoor> _whois = [];
    private readonly IncidentStore _incidents;
    private readonly CancellationTokenSource _closing = new();
    private LabAddresses? _addresses;

    private Lab(LabOptions options)
    {
        var calls = new CallLog(options.RememberedRequests);
        var behaviours = new Behaviours(options.Seed);
        var now = options.Clock.GetUtcNow();
        var registrations = new Registrations(now);
        _incidents = new(options.Clock);

        var ldap = new LdapStandIn(new HaldenDirectory(now), behaviours, calls, options, _certificate);
        _ldap = new(options.LdapPort, ldap.Talk);
        _ldaps = new(0, ldap.TalkSecured);
        var whois = new WhoisStandIn(registrations, behaviours, calls, options, part => $"{Addresses.Host}:{_whois[part].Port}");
        foreach (var part in Enum.GetValues<WhoisPart>())
        {
            _whois.Add(part, new(part is WhoisPart.Iana ? options.WhoisPort : 0, (socket, ct) => whois.Talk(part, socket, ct)));
        }

        _web = Web(options.Port, _certificate);
        IHttpStandIn[] standIns =
        [
            new SplunkStandIn(new SearchJobs(options), options),
            new ShodanStandIn(),
            new ServiceNowStandIn(_incidents, new RecordWriter(() => ServiceNowUrl), options, _closing.Token),
            new RdapStandIn(registrations, () => RdapUrl),
        ];
        var gate = new HttpGate(standIns, behaviours, calls, options);
        var control = new ControlApi(_incidents, behaviours, calls, () => Addresses);
        _web.Run(context => context.Request.Path.Value is { } path && path.StartsWith(ControlPrefix, StringComparison.Ordinal)
            ? control.Answer(context, path[ControlPrefix.Length..])
            : gate.Pass(context));
    }

    public string Url => Addresses.Url;

    public string SplunkUrl => Addresses.Of("splunk");

    public string RdapUrl => Addresses.Of("rdap");

    public string ShodanUrl => Addresses.Of("shodan");

    public string ServiceNowUrl => Addresses.Of("servicenow");

    public string LdapHost => Addresses.Host;

    public int LdapPort => Addresses.LdapPort;

    public int LdapsPort => Addresses.LdapsPort;

    /// <summary>The HTTP systems once more, over TLS.</summary>
    public string TlsUrl => Addresses.TlsUrl;

    /// <summary>The authority of the lab's certificate, as PEM. Nobody trusts it who is not told to.</summary>
    public string CertificateAuthority => _certificate.Pem;

    public string WhoisHost => Addresses.Host;

    /// <summary>The first WHOIS server, from which the others are referred to.</summary>
    public int WhoisPort => Addresses.WhoisPort;

    /// <summary>All of them, as <c>host:port</c> with commas: their referrals name ports, since they share one address.</summary>
    public string WhoisServers => string.Join(", ", Addresses.WhoisPorts.Values.Select(port => $"{WhoisHost}:{port}"));

    private LabAddresses Addresses => _addresses ?? throw new InvalidOperationException("The lab has not started.");

    public static async Task<Lab> Start(LabOptions options, CancellationToken ct)
    {
        var lab = new Lab(options);
        try
        {
            await lab.Open(ct);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends when so many tickets have been made, so that a test waits for the ticket and not for a time.</summary>
    public Task TicketsReached(int count, CancellationToken ct) => _incidents.Reached(count).WaitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _web.DisposeAsync();
        await _ldap.DisposeAsync();
        await _ldaps.DisposeAsync();
        foreach (var door in _whois.Values)
        {
            await door.DisposeAsync();
        }

        _closing.Dispose();
        _certificate.Dispose();
    }

    private async Task Open(CancellationToken ct)
    {
        await _web.StartAsync(ct);
        _ldap.Open();
        _ldaps.Open();
        foreach (var door in _whois.Values)
        {
            door.Open();
        }

        var bound = _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        _addresses = new(
            bound.First(url => url.StartsWith("http:", StringComparison.Ordinal)),
            bound.First(url => url.StartsWith("https:", StringComparison.Ordinal)),
            _certificate.Pem,
            IPAddress.Loopback.ToString(), _ldap.Port, _ldaps.Port,
            _whois.ToDictionary(part => part.Key.ToString().ToLowerInvariant(), part => part.Value.Port));
    }

    /// <summary>An empty builder: no configuration, no logging, no routing. The stand-ins choose by path themselves.</summary>
    private static WebApplication Web(int port, LabCertificate certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate.Certificate));
        });
        // Calls kept waiting by late-answer must not keep the lab from closing.
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        return builder.Build();
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Vedette.Sdk;

namespace Vedette.WayOut;

/// <summary>The way out of one asset. Messages name host and port and nothing else of an address: keys travel in queries.</summary>
internal sealed class GuardedWayOut(
    WayOutScope scope,
    Targets targets,
    Dialler dialler,
    Func<Targets, TlsCheck, bool, Pool> poolFor) : IWayOut
{
    private const int MostRedirects = 5;

    /// <summary>All that goes along to a stranger. A list of what may go, since a list of what may not is never complete.</summary>
    private static readonly string[] HeadersForStrangers = ["Accept", "Accept-Language", "User-Agent"];

    public async Task<HttpResponseMessage> Send(HttpRequestMessage request, TlsCheck tls, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        var origin = Absolute(request.RequestUri);
        var named = targets.Name(origin.IdnHost);
        var next = named ? request : ForStranger(request, origin);
        var publicOnly = !named;
        for (var hop = 0; ; hop++)
        {
            var response = await SendOnce(next, tls, publicOnly, ct);
            if (Redirected(response, next) is not { } to)
            {
                return response;
            }

            response.Dispose();
            if (hop == MostRedirects)
            {
                throw new WayOutException(new Fault(FaultKind.Refused), $"{origin.Host} redirects more than {MostRedirects} times.");
            }

            var same = !publicOnly && SameOrigin(origin, to);
            next = same ? Again(next, to, response.StatusCode) : Elsewhere(next, origin, to);
            publicOnly = !same;
        }
    }

    public async Task<Stream> Connect(string host, int port, TlsCheck? tls, CancellationToken ct)
    {
        var socket = await dialler.Dial(targets, host, port, publicOnly: !targets.Name(host), ct);
        var plain = new NetworkStream(socket, ownsSocket: true);
        return tls is null ? plain : await Upgrade(plain, host, tls, ct);
    }

    public async Task<Stream> Upgrade(Stream plain, string host, TlsCheck tls, CancellationToken ct)
    {
        var secured = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await secured.AuthenticateAsClientAsync(Tls.Options(tls, host), ct);
            return secured;
        }
        catch (Exception e)
        {
            await secured.DisposeAsync();
            if (e is AuthenticationException or IOException)
            {
                throw Handshake(host, e);
            }

            throw;
        }
    }

    private static Uri Absolute(Uri? address) => address is { IsAbsoluteUri: true, Scheme: "http" or "https" }
        ? address
        : throw new WayOutException(new Fault(FaultKind.BadInput), "Only absolute http and https addresses can be reached.");

    private async Task<HttpResponseMessage> SendOnce(HttpRequestMessage request, TlsCheck tls, bool publicOnly, CancellationToken ct)
    {
        var pool = poolFor(targets, tls, publicOnly);
        try
        {
            return await pool.Invoker.SendAsync(request, ct);
        }
        catch (HttpRequestException e)
        {
            ct.ThrowIfCancellationRequested();
            throw Told(request.RequestUri!, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw Within<WayOutException>(e) ?? new WayOutException(
                new Fault(FaultKind.TimedOut, MayHaveHappened: true), $"{request.RequestUri!.Host} gave no answer in time.", e);
        }
    }

    private static WayOutException Told(Uri address, HttpRequestException e)
    {
        if (Within<WayOutException>(e) is { } ours)
        {
            return ours;
        }

        return e.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError => Handshake(address.Host, e),
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError =>
                new WayOutException(new Fault(FaultKind.NotReached), $"No connection to {address.Host}:{address.Port}.", e),
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded =>
                new WayOutException(new Fault(FaultKind.Unreadable, MayHaveHappened: true), $"{address.Host} did not answer in HTTP.", e),
            _ => new WayOutException(new Fault(FaultKind.Broken, MayHaveHappened: true), $"The connection to {address.Host} ended before the answer was whole.", e),
        };
    }

    /// <summary>A refused certificate is a matter of trust; a connection that broke while shaking hands is not.</summary>
    private static WayOutException Handshake(string host, Exception e) => Within<AuthenticationException>(e) is not null
        ? new WayOutException(new Fault(FaultKind.Untrusted), $"The certificate of {host} is not trusted, or no common TLS was found.", e)
        : new WayOutException(new Fault(FaultKind.Broken), $"The connection to {host} ended while TLS was being set up.", e);

    private static T? Within<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static Uri? Redirected(HttpResponseMessage response, HttpRequestMessage request)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || response.Headers.Location is not { } location)
        {
            return null;
        }

        var keepsMethod = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        var reads = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        // A changing request that is sent elsewhere as a reading one would look done and be nothing; the caller sees the 3xx instead.
        return reads || keepsMethod || response.StatusCode == HttpStatusCode.SeeOther
            ? new Uri(request.RequestUri!, location)
            : null;
    }

    private static bool SameOrigin(Uri a, Uri b) =>
        a.Scheme == b.Scheme && a.Port == b.Port && string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static HttpRequestMessage Again(HttpRequestMessage request, Uri to, HttpStatusCode status)
    {
        var reading = status == HttpStatusCode.SeeOther;
        var next = new HttpRequestMessage(reading ? HttpMethod.Get : request.Method, Absolute(to)) { Content = reading ? null : request.Content };
        foreach (var header in request.Headers)
        {
            next.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return next;
    }

    private HttpRequestMessage Elsewhere(HttpRequestMessage request, Uri origin, Uri to)
    {
        if (to.Scheme is not ("http" or "https") || !scope.PublicToo)
        {
            throw new WayOutException(new Fault(FaultKind.NotAllowed), $"{origin.Host} redirects to another place, which asset {scope.Asset} may not reach.");
        }

        return ForStranger(request, to);
    }

    private HttpRequestMessage ForStranger(HttpRequestMessage request, Uri to)
    {
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
        {
            // A body can hold a password just as a header can.
            throw new WayOutException(new Fault(FaultKind.NotAllowed), $"Asset {scope.Asset} sends to {to.Host}, which it does not name, nothing but reading requests.");
        }

        var bare = new UriBuilder(to) { UserName = "", Password = "" }.Uri;
        var next = new HttpRequestMessage(request.Method, bare);
        foreach (var name in HeadersForStrangers)
        {
            if (request.Headers.TryGetValues(name, out var values))
            {
                next.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return next;
    }
}

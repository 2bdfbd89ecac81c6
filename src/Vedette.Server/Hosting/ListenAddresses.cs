using System.Net;

namespace Vedette.Server.Hosting;

/// <summary>Where the server listens. Plain http is taken on loopback only, or when a proxy is named that ends TLS in front.</summary>
internal static class ListenAddresses
{
    public static IPAddress Proxy(string text) =>
        IPAddress.TryParse(text, out var address) ? address : throw new SetupException($"\"{text}\" is not the address of a proxy. Write it as 10.0.0.5.");

    public static IReadOnlyList<(IPAddress Address, int Port, bool Tls)> Parse(ServerOptions options)
    {
        var addresses = new List<(IPAddress, int, bool)>();
        foreach (var text in options.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            {
                throw new SetupException($"\"{text}\" is not an address to listen on. Write it as https://127.0.0.1:8443.");
            }

            var host = url.DnsSafeHost;
            var address = host is "localhost" ? IPAddress.Loopback
                : host is "*" or "+" ? IPAddress.Any
                : IPAddress.TryParse(host, out var parsed) ? parsed
                : throw new SetupException($"\"{text}\": listen on an IP address or localhost, not on the name \"{host}\".");
            var tls = url.Scheme == "https";
            if (!tls && !IPAddress.IsLoopback(address) && options.Proxies.Count == 0)
            {
                throw new SetupException($"\"{text}\" would carry passwords and tokens in the clear. Use https, or name the proxy that ends TLS in front of it with --proxy ADDRESS.");
            }

            addresses.Add((address, url.Port, tls));
        }

        foreach (var proxy in options.Proxies)
        {
            _ = Proxy(proxy);
        }

        return addresses.Count > 0 ? addresses : throw new SetupException("There is no address to listen on. Give one with --urls, as in https://127.0.0.1:8443.");
    }
}

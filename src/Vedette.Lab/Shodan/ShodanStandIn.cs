using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vedette.Lab.Behaviour;

namespace Vedette.Lab.Shodan;

/// <summary>The part of Shodan's API that a look-up needs. A bad key meets the web server in front: it answers in HTML.</summary>
internal sealed class ShodanStandIn : IHttpStandIn
{
    private const string Unauthorized =
        "<html>\r\n<head><title>401 Unauthorized</title></head>\r\n<body bgcolor=\"white\">\r\n<center><h1>401 Unauthorized</h1></center>\r\n"
        + "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

    public LabSystem System => LabSystem.Shodan;

    public (string ContentType, string Body) Error(int status, string text) => ("application/json", ErrorText(status switch
    {
        StatusCodes.Status429TooManyRequests => "Request rate limit reached (1 request/ second). Please wait a second before trying again "
            + "and slow down your API calls.",
        _ => text,
    }));

    public Task Answer(HttpContext context, string path, Mishap mishap)
    {
        var query = context.Request.Query;
        if (query["key"] != LabCredentials.ShodanKey)
        {
            return Wire.Text(context, 401, "text/html", Unauthorized);
        }

        return path.Split('/') switch
        {
            ["api-info"] => ApiInfo(context),
            ["shodan", "host", "search"] => Search(context, query["query"].ToString(), Page(query["page"])),
            ["shodan", "host", "count"] => Count(context, query["query"].ToString()),
            ["shodan", "host", var ip] => Host(context, ip, query["minify"] == "true"),
            _ => Wire.Text(context, 404, "application/json", ErrorText("Not found")),
        };
    }

    private static int Page(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1;

    private static Task ApiInfo(HttpContext context) => Wire.Json(context, 200, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("scan_credits", 100);
        json.WriteStartObject("usage_limits");
        json.WriteNumber("scan_credits", 100);
        json.WriteNumber("query_credits", 100);
        json.WriteNumber("monitored_ips", 16);
        json.WriteEndObject();
        json.WriteString("plan", "dev");
        json.WriteBoolean("https", false);
        json.WriteBoolean("unlocked", true);
        json.WriteNumber("query_credits", 100);
        json.WriteNumber("monitored_ips", 0);
        json.WriteNumber("unlocked_left", 100);
        json.WriteBoolean("telnet", false);
        json.WriteEndObject();
    });

    private static Task Host(HttpContext context, string ip, bool minify)
    {
        if (!IPAddress.TryParse(ip, out var address))
        {
            return Wire.Text(context, 400, "application/json", ErrorText("Invalid IP"));
        }

        return ShodanHosts.All.FirstOrDefault(host => host.Address == address.ToString()) is { } found
            ? Wire.Json(context, 200, json => BannerWriter.Host(json, found, minify))
            : Wire.Text(context, 404, "application/json", ErrorText("No information available for that IP."));
    }

    private static Task Search(HttpContext context, string query, int page)
    {
        if (query.Length == 0)
        {
            return Wire.Text(context, 400, "application/json", ErrorText("Empty search query"));
        }

        var found = Find(query);
        return Wire.Json(context, 200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("matches");
            foreach (var (host, banner) in found.Skip((page - 1) * 100).Take(100))
            {
                BannerWriter.Banner(json, host, banner);
            }

            json.WriteEndArray();
            json.WriteStartObject("facets");
            json.WriteEndObject();
            json.WriteNumber("total", found.Count);
            json.WriteEndObject();
        });
    }

    private static Task Count(HttpContext context, string query) => Wire.Json(context, 200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("matches");
        json.WriteEndArray();
        json.WriteNumber("total", Find(query).Count);
        json.WriteEndObject();
    });

    private static List<(ShodanHost Host, Banner Banner)> Find(string query)
    {
        const StringComparison loose = StringComparison.OrdinalIgnoreCase;
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. from host in ShodanHosts.All
               from banner in host.Banners
               where words.All(word => word.Split(':', 2) switch
               {
                   ["hostname", var name] => host.Hostnames.Any(each => each.Contains(name.Trim('"'), loose)),
                   ["ip" or "net", var ip] => host.Address == ip,
                   ["port", var port] => banner.Port.ToString(CultureInfo.InvariantCulture) == port,
                   ["org", var org] => host.Org.Contains(org.Trim('"'), loose),
                   _ => banner.Text.Contains(word, loose) || host.Hostnames.Any(each => each.Contains(word, loose)),
               })
               select (host, banner),
        ];
    }

    private static string ErrorText(string text) => Wire.JsonText(json =>
    {
        json.WriteStartObject();
        json.WriteString("error", text);
        json.WriteEndObject();
    });
}

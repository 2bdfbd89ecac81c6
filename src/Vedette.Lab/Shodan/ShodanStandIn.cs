using Microsoft.AspNetCore.Http;
using Vedette.Lab.Behaviour;

namespace Vedette.Lab.Shodan;

/// <summary>Shodan's host API: what it saw of an address, its refusals as HTML or JSON.</summary>
internal sealed class ShodanStandIn : IHttpStandIn
{
    private const string HostPath = "shodan/host/";

    public LabSystem System => LabSystem.Shodan;

    public Task Answer(HttpContext context, string path, Mishap mishap)
    {
        if (context.Request.Query["key"] != LabCredentials.ShodanKey)
        {
            return Wire.Text(context, 401, "text/html", "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body><center><h1>401 Authorization Required</h1></center></body>\r\n</html>\r\n");
        }

        return path switch
        {
            "api-info" => Wire.Text(context, 200, "application/json", "{\"scan_credits\": 100, \"usage_limits\": {\"scan_credits\": 100, \"query_credits\": 100, \"monitored_ips\": 16}, \"plan\": \"dev\", \"https\": false, \"unlocked\": true, \"query_credits\": 100, \"monitored_ips\": 0, \"unlocked_left\": 100, \"telnet\": false}"),
            HostPath + "search" => Search(context),
            _ when path.StartsWith(HostPath, StringComparison.Ordinal) => Host(context, path[HostPath.Length..]),
            _ => Wire.Text(context, 404, "application/json", "{\"error\": \"Not Found\"}"),
        };
    }

    public (string ContentType, string Body) Error(int status, string text) => ("application/json", Wire.JsonText(json =>
    {
        json.WriteStartObject();
        json.WriteString("error", status == 429 ? "Request rate limit reached (1 request/ second). Please wait a second before trying again and slow down your API calls." : text);
        json.WriteEndObject();
    }));

    private static Task Host(HttpContext context, string address) => SeenHosts.All.TryGetValue(address, out var host)
        ? Wire.Json(context, 200, host.Write)
        : Wire.Text(context, 404, "application/json", "{\"error\": \"No information available for that IP.\"}");

    private static Task Search(HttpContext context)
    {
        var query = context.Request.Query["query"].ToString();
        var name = query.StartsWith("hostname:", StringComparison.Ordinal) ? query["hostname:".Length..] : query;
        var found = SeenHosts.All.Values.Where(host => host.HostNames.Any(one => one.EndsWith(name, StringComparison.OrdinalIgnoreCase))).ToList();
        return Wire.Json(context, 200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("matches");
            foreach (var host in found)
            {
                host.WriteBanners(json);
            }

            json.WriteEndArray();
            json.WriteNumber("total", found.Sum(host => host.Services.Count));
            json.WriteEndObject();
        });
    }
}

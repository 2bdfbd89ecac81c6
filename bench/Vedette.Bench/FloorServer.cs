using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Vedette.Lab;

namespace Vedette.Bench;

/// <summary>
/// The floor: the five HTTP exchanges of the job in one process that stores nothing and decides nothing. The alert comes in,
/// three look-ups go out side by side, the ticket is made. Nothing that does the job over HTTP can be faster on this machine.
/// </summary>
internal static class FloorServer
{
    public const string Announcement = "The floor listens on ";

    public static async Task Run(Uri lab)
    {
        using var http = new HttpClient { BaseAddress = lab };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var web = builder.Build();
        web.Run(async context =>
        {
            var alert = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
            _ = Investigate(http, alert);
            await context.Response.WriteAsync("""{"success":true}""", context.RequestAborted);
        });
        await web.StartAsync();
        Console.WriteLine(Announcement + web.Urls.Single());
        await web.WaitForShutdownAsync(CancellationToken.None);
    }

    private static async Task Investigate(HttpClient http, JsonElement alert)
    {
        try
        {
            var cef = alert.GetProperty("artifacts")[0].GetProperty("cef");
            var domain = cef.GetProperty("destinationDnsDomain").GetString()!;
            var findings = await Task.WhenAll(
                Send(http, HttpMethod.Get, $"/servicenow/api/now/table/sys_user?sysparm_query=user_name={cef.GetProperty("sourceUserId").GetString()}", null),
                Send(http, HttpMethod.Get, $"/rdap/domain/{domain[(domain.IndexOf('.') + 1)..]}", null),
                Send(http, HttpMethod.Get, $"/shodan/shodan/host/{cef.GetProperty("destinationAddress").GetString()}?key={LabCredentials.ShodanKey}", null));
            await Send(http, HttpMethod.Post, "/servicenow/api/now/table/incident", new
            {
                short_description = "Suspicious outbound connection to " + domain,
                description = string.Join('\n', findings.Select(each => each.Length)),
            });
        }
        catch (HttpRequestException fault)
        {
            // The floor keeps no account of what it lost; the load driver counts the tickets.
            await Console.Error.WriteLineAsync(fault.Message);
        }
    }

    private static async Task<string> Send(HttpClient http, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        var login = $"{LabCredentials.ServiceNowUser}:{LabCredentials.ServiceNowPassword}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }
}

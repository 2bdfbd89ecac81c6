using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Server.Tests.Threats;

namespace Vedette.Server.Tests.Policies;

/// <summary>What the tests of the policy do on a site. The lab has no system that is changed, so the policy says of tickets that they change or destroy.</summary>
internal static class PolicySite
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public const string TicketsChange = """{"action":"create ticket","reach":"changes"}""";

    public const string TicketsDestroy = """{"action":"create ticket","reach":"destroys"}""";

    public static async Task SetPolicy(this Site site, string json)
    {
        var (status, body) = await site.PostAsAdmin("/rest/policy", json);
        Assert.True(status == 200, body.ToString());
    }

    /// <summary>Asks for a ticket as the automation user; answers with the number of the asking.</summary>
    public static Task<long> AskTicket(this Site site, long container, string asset = "servicenow", string text = "x") =>
        site.AskAction("create ticket", container, asset, new JsonObject { ["short_description"] = text, ["description"] = text });

    public static async Task<long> AskAction(this Site site, string action, long container, string asset, JsonObject parameters)
    {
        var body = new JsonObject { ["action"] = action, ["container_id"] = container, ["targets"] = new JsonArray(new JsonObject { ["assets"] = new JsonArray(asset), ["parameters"] = new JsonArray(parameters) }) };
        var (status, said) = await site.Post("/rest/action_run", body.ToJsonString());
        Assert.True(status == 200, said.ToString());
        return said.GetProperty("action_run_id").GetInt64();
    }

    /// <summary>The action once it has ended.</summary>
    public static async Task<JsonElement> ActionEnded(this Site site, long id)
    {
        while (true)
        {
            var action = await site.Get($"/rest/action_run/{id.ToString(CultureInfo.InvariantCulture)}");
            if (action.GetProperty("status").GetString() is not ("pending" or "running"))
            {
                return action;
            }
        }
    }

    /// <summary>The question that waits about this action.</summary>
    public static async Task<JsonElement> ApprovalOf(this Site site, long action) =>
        (await site.Get($"/rest/approval?_filter_action_run={action.ToString(CultureInfo.InvariantCulture)}")).GetProperty("data")[0];

    public static async Task<(int Status, string Said)> Approve(this HttpClient by, JsonElement approval, string status = "approve")
    {
        using var content = new StringContent(new JsonObject { ["status"] = status }.ToJsonString());
        using var answer = await by.PostAsync($"/rest/approval/{approval.GetProperty("id")}", content, Ct);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>A person of these roles, signed in by name and password.</summary>
    public static async Task<HttpClient> NewPerson(this Site site, string name, params string[] roles)
    {
        using var admin = site.AsAdmin();
        var made = await admin.Said(HttpMethod.Post, "/rest/ph_user", new { username = name, type = "normal", password = site.Password, roles });
        Assert.True(made.TryGetProperty("success", out _), made.ToString());
        return site.As(name, site.Password);
    }

    public static async Task<ActionResultRow> ResultOf(this Site site, long action) =>
        Assert.Single(await site.Server.Store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), action)), Ct));
}

using System.Net;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Console.Tests;

/// <summary>Every page by every role: who may see it sees it, who may not is told so, and nobody gets an error.</summary>
public sealed class RoleTests(Chromium chromium)
{
    private static readonly string[] Roles = ["Administrator", "Automation Engineer", "Asset Owner", "Incident Commander", "Observer", "Analyst"];

    [Fact]
    public async Task AllRoutes_AllRoles()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Event("a matter of record");
        foreach (var (at, role) in Roles.Append(null).Index())
        {
            await desk.Person($"user{at}", role is null ? [] : [role]);
            using var client = await desk.Cookied($"user{at}");
            foreach (var route in T17_GateTests.Routes.Select(row => row.Data))
            {
                using var answer = await client.GetAsync(route.Replace("/1", $"/{id}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
                var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect or HttpStatusCode.NotFound, $"{role} at {route}: {answer.StatusCode}");
                if (route is "/events" or "/events/1" or "/cases" or "/approvals")
                {
                    Assert.Equal(role is null, page.Contains("You may not", StringComparison.Ordinal));
                }

                if (route is "/runs" or "/runs/1")
                {
                    Assert.Equal(role is null, page.Contains("You may not see runs", StringComparison.Ordinal));
                }

                if (route is "/playbooks" or "/playbooks/1")
                {
                    Assert.Equal(role is null or "Asset Owner", page.Contains("You may not see playbooks", StringComparison.Ordinal));
                }

                if (route is "/apps" or "/apps/1" or "/apps/1/new" or "/apps/assets/1")
                {
                    Assert.Equal(role is null, page.Contains("You may not see assets", StringComparison.Ordinal));
                    Assert.True(role is "Administrator" or "Asset Owner" or "Automation Engineer" || !page.Contains("id=\"save\"", StringComparison.Ordinal), role);
                }

                if (route is "/lists" or "/lists/1")
                {
                    Assert.Equal(role is null or "Asset Owner", page.Contains("You may not see custom lists", StringComparison.Ordinal));
                }

                if (route is "/audit")
                {
                    Assert.Equal(role is not "Administrator", page.Contains("You may not see the audit trail", StringComparison.Ordinal));
                }

                if (role is null)
                {
                    Assert.DoesNotContain("a matter of record", page, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task Observer_SeesAndChangesNothing_AnalystDoes()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Event();
        await desk.Person("obs", "Observer");
        await desk.Person("ana", "Analyst");
        var observer = await desk.SignedIn("/events", "obs");
        await observer.Locator($"#event-{id}").WaitForAsync();

        await observer.Keyboard.PressAsync("s");
        await observer.Locator(".menu .mi", new() { HasText = "Open" }).ClickAsync();
        await observer.Locator(".toast", new() { HasText = "does not have permission" }).WaitForAsync();
        Assert.Equal("new", (await desk.Site.Get($"/rest/container/{id}")).GetProperty("status").GetString());

        var analyst = await desk.SignedIn("/events", "ana");
        await analyst.Locator($"#event-{id}").WaitForAsync();
        await analyst.Keyboard.PressAsync("s");
        await analyst.Locator(".menu .mi", new() { HasText = "Open" }).ClickAsync();
        await observer.Locator($"#event-{id} .st.open").WaitForAsync();
        Assert.Equal("open", (await desk.Site.Get($"/rest/container/{id}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task FirstPassword_NothingBeforeItIsChanged()
    {
        await using var desk = await Desk.Open(chromium);
        var user = await desk.Person("ned", "Analyst");
        var unit = new Unit();
        unit.Update<UserRow>(user, null, (nameof(UserRow.MustChangePassword), true));
        await desk.Site.Server.Store.Commit(unit, TestContext.Current.CancellationToken);
        var page = await desk.Window();
        await page.GotoAsync("/events");
        await Desk.SignIn(page, "ned", desk.Site.Password);
        await Desk.At(page, @"/password$");
        await Desk.Live(page);

        await page.FillAsync("#old", desk.Site.Password);
        await page.FillAsync("#new", "one-of-my-own-choosing-2");
        await page.ClickAsync("button[type=submit]");

        await Desk.At(page, "/login");
        await Desk.SignIn(page, "ned", "one-of-my-own-choosing-2");
        await page.Locator("html[data-circuit=on]").WaitForAsync();
        Assert.DoesNotContain("/login", page.Url, StringComparison.Ordinal);
    }
}

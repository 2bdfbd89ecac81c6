using System.Text.Json.Nodes;

namespace Vedette.Console.Tests;

/// <summary>An open page does not outlive the right of who opened it.</summary>
public sealed class T18_SeatTests(Chromium chromium)
{
    [Fact]
    public async Task T18_UserDisabled_OpenPageAsksToSignIn()
    {
        await using var desk = await Desk.Open(chromium);
        var user = await desk.Person("nora", "Analyst");
        var page = await desk.SignedIn("/events", "nora");

        await desk.Post($"/rest/ph_user/{user}", new JsonObject { ["is_active"] = false });

        await Desk.At(page, "/login");
    }

    [Fact]
    public async Task T18_SignedOutElsewhere_OpenPageAsksToSignIn()
    {
        await using var desk = await Desk.Open(chromium);
        var page = await desk.SignedIn("/events");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/approvals");
        await Desk.Live(other);

        await other.EvaluateAsync("vedette.signOut()");

        await Desk.At(page, "/login");
    }

    [Fact]
    public async Task T18_RoleTaken_OpenPageIsDrawnAnewWithoutTheRight()
    {
        await using var desk = await Desk.Open(chromium);
        var user = await desk.Person("nora", "Analyst");
        var id = await desk.Event();
        var page = await desk.SignedIn($"/events/{id}", "nora");
        await page.Locator("button:not([disabled])", new() { HasText = "Run playbook" }).WaitForAsync();

        await desk.Post($"/rest/ph_user/{user}", new JsonObject { ["roles"] = new JsonArray("Observer") });

        await page.Locator("button[disabled]", new() { HasText = "Run playbook" }).WaitForAsync();
    }
}

using System.Globalization;
using Microsoft.Playwright;

namespace Vedette.Screens;

/// <summary>Goes through the console as a person would and takes the pictures.</summary>
internal sealed class Camera(IBrowser browser, Uri server, string folder)
{
    public async Task SignInPage()
    {
        await using var window = await Window(1440, 900, false);
        var page = await window.NewPageAsync();
        await page.GotoAsync("/");
        await Take(page, "08-login-dark");
    }

    /// <returns>The event that the test alert became.</returns>
    public async Task<long> FirstRun()
    {
        await using var window = await Window(1440, 900);
        var page = await Open(window, "/first-run");
        await page.ClickAsync("#send-test");
        await page.Locator("[data-run-state=success]").WaitForAsync();
        await Take(page, "08-first-run-dark");
        return long.Parse(await page.Locator(".way a").First.InnerTextAsync(), CultureInfo.InvariantCulture);
    }

    public async Task Queue()
    {
        await using (var window = await Window(1440, 900))
        {
            var page = await Open(window, "/events");
            await page.Locator("tr[id^=event-]").First.WaitForAsync();
            foreach (var key in new[] { "j", "j", "v", "j", "v" })
            {
                await page.Keyboard.PressAsync(key);
            }

            await page.Locator(".bulk").WaitForAsync();
            await Take(page, "01-event-queue-dark");
            await Themed(page, "01-event-queue-light");
            await page.Keyboard.PressAsync("Escape");
            await page.Keyboard.PressAsync("Control+k");
            await page.Locator("#palette-field").FillAsync("198.51");
            await page.WaitForTimeoutAsync(600);
            await Take(page, "00-palette-dark");
        }

        await using var wide = await Window(1920, 1080);
        var large = await Open(wide, "/events");
        await large.Locator("tr[id^=event-]").First.WaitForAsync();
        await large.Locator(".peek .tl li").First.WaitForAsync();
        await Take(large, "01-event-queue-dark-1920");
    }

    public async Task Investigation(long id)
    {
        await using var window = await Window(1440, 900);
        var page = await Open(window, $"/events/{id}");
        await page.Locator(".wgt").Nth(3).WaitForAsync();
        await Take(page, "02-investigation-dark");
        await page.Locator(".art .ent").Nth(2).ClickAsync();
        await page.Locator("#entity-menu .mi").First.WaitForAsync();
        await Take(page, "02-investigation-menu-dark");
        await page.Keyboard.PressAsync("Escape");
        await Themed(page, "02-investigation-light");
        await page.Keyboard.PressAsync("x");
        await page.Locator(".dialog .choices").WaitForAsync();
        await Take(page, "02-run-action-dark");
    }

    public async Task Assets()
    {
        await using var window = await Window(1440, 900);
        var page = await Open(window, "/apps");
        await page.Locator(".ac", new() { HasText = "Windows Server" }).ClickAsync();
        await page.ClickAsync("#test");
        await page.Locator("#test-outcome").WaitForAsync();
        await page.FillAsync("#f-requests_per_second", "5");
        await page.Locator("#unsaved").WaitForAsync();
        await page.Locator("h1").First.ClickAsync();
        await Take(page, "05-apps-assets-dark");
        await Themed(page, "05-apps-assets-light");
        await page.GotoAsync("/lists");
        await page.Locator(".names a").First.ClickAsync();
        await page.Locator("#add-row").WaitForAsync();
        await Take(page, "05-lists-dark");
        await page.GotoAsync("/audit");
        await page.Locator("tr[id^=audit-]").First.WaitForAsync();
        await Take(page, "05-audit-dark");
    }

    /// <param name="waiting">An event whose run asks somebody.</param>
    public async Task Playbooks(long id, long waiting)
    {
        await using var window = await Window(1440, 900);
        var page = await Open(window, "/playbooks");
        await page.Locator("tr[id^=playbook-]").First.WaitForAsync();
        await Take(page, "03-playbooks-dark");
        await page.GotoAsync($"/runs?event={id}");
        await page.Locator("tr[id^=run-]").First.WaitForAsync();
        await page.Locator("tr[id^=run-] td:nth-child(3) a").Last.ClickAsync();
        await page.Locator(".node[data-state]").First.WaitForAsync();
        await Take(page, "03-playbook-dark");
        await page.Locator("[data-block=create_ticket] button").ClickAsync();
        await page.Locator(".codeview .hl").First.WaitForAsync();
        await Take(page, "03-playbook-block-dark");
        await Themed(page, "03-playbook-light");
        await page.GotoAsync("/runs");
        await page.Locator("tr[id^=run-]").First.WaitForAsync();
        await Take(page, "04-runs-dark");
        await page.GotoAsync($"/runs?event={id}");
        await page.Locator("tr[id^=run-] a").First.ClickAsync();
        await page.Locator(".wr").Nth(4).WaitForAsync();
        await Take(page, "04-run-debugger-dark");
        await page.GotoAsync($"/runs?event={waiting}&status=running");
        await page.Locator("tr[id^=run-] a").First.ClickAsync();
        await page.Locator(".waits").WaitForAsync();
        await Take(page, "04-run-waits-dark");
    }

    public async Task Approvals()
    {
        await using (var window = await Window(1440, 900))
        {
            var page = await Open(window, "/approvals");
            await page.Locator(".apc").First.ClickAsync();
            await page.Locator("#approve").WaitForAsync();
            await Take(page, "06-approvals-dark");
        }

        await using var phone = await Window(390, 844);
        var small = await Open(phone, "/approvals");
        await small.Locator(".apc").First.WaitForAsync();
        await Take(small, "06-approvals-phone-inbox-390");
        await small.Locator(".apc").First.ClickAsync();
        await small.Locator("#approve").WaitForAsync();
        await Take(small, "06-approvals-phone-390");
    }

    private async Task<IBrowserContext> Window(int width, int height, bool signIn = true)
    {
        var window = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = server.ToString(), ViewportSize = new ViewportSize { Width = width, Height = height } });
        if (signIn)
        {
            var page = await window.NewPageAsync();
            await page.GotoAsync("/login");
            await page.FillAsync("#username", "admin");
            await page.FillAsync("#password", DemoDay.Password);
            await page.ClickAsync("button[type=submit]");
            await page.Locator("html[data-circuit=on]").WaitForAsync();
            await page.CloseAsync();
        }

        return window;
    }

    private static async Task<IPage> Open(IBrowserContext window, string path)
    {
        var page = await window.NewPageAsync();
        page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning")
            {
                Console.Error.WriteLine($"{path}: {said.Text}");
            }
        };
        await page.GotoAsync(path);
        await page.Locator("html[data-circuit=on]").WaitForAsync();
        return page;
    }

    private async Task Themed(IPage page, string name)
    {
        await page.Keyboard.PressAsync("Shift+T");
        await page.Locator("html[data-theme=light]").WaitForAsync();
        await Take(page, name);
        await page.Keyboard.PressAsync("Shift+T");
        await page.Locator("html[data-theme=dark]").WaitForAsync();
    }

    private Task Take(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
}

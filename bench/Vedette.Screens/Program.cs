using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using Vedette.Lab;
using Vedette.Lab.Alerts;
using Vedette.Screens;
using Vedette.Server.Hosting;
using Path = System.IO.Path;

// Takes pictures of the console with a night's demo data, to be laid beside the design: one PNG for each screen, into ./screens or
// the folder that is named.
var folder = Directory.CreateDirectory(args.Length > 0 ? args[0] : "screens").FullName;
var data = Directory.CreateTempSubdirectory("vedette-screens-").FullName;
var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
try
{
    await using var lab = await Lab.Start(new LabOptions(), default);
    await using var server = await VedetteServer.Start(new ServerOptions { DataFolder = data, Urls = "http://127.0.0.1:0", Lab = new Uri(lab.Url), AutomationToken = token, AdminPassword = DemoDay.Password, LogLevel = "Warning" });
    using var admin = new HttpClient { BaseAddress = server.Url };
    admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{DemoDay.Password}")));
    using var automation = new HttpClient { BaseAddress = server.Url };
    automation.DefaultRequestHeaders.Add("ph-auth-token", token);

    using var playwright = await Playwright.CreateAsync();
    await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = ["--no-sandbox"] });
    var camera = new Camera(browser, server.Url, folder);

    await camera.SignInPage();
    var day = new DemoDay(admin, automation);
    var tested = await camera.FirstRun();
    await day.Staff();
    await day.Queue();
    var alerts = new SplunkAlerts("screens", TimeProvider.System);
    foreach (var index in new[] { 3, 5 })
    {
        await new SplunkPusher(automation, token, alerts).Push(index, default);
    }

    await day.Tell(tested);
    await AskingPlaybook.Ask(admin, tested + 3);
    await camera.Queue();
    await camera.Investigation(tested);
    await camera.Playbooks(tested, tested + 3);
    await camera.Approvals();
    await camera.Assets();
}
catch (Exception exception) when (exception is PlaywrightException or InvalidOperationException or TimeoutException)
{
    Console.Error.WriteLine(exception);
    return 1;
}
finally
{
    Directory.Delete(data, recursive: true);
}

Console.WriteLine($"Pictures are in {Path.GetRelativePath(Environment.CurrentDirectory, folder)}");
return 0;

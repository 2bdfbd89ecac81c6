using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Vedette.Console.Live;
using Vedette.Console.Reading;
using Vedette.Console.Shell;
using Vedette.Console.SignIn;

namespace Vedette.Console;

/// <summary>The console in a server: its services, its gate, its pages.</summary>
public static class ConsoleHosting
{
    /// <summary>What a message of a browser may have, in bytes: a note at its longest fits.</summary>
    private const int LargestMessage = 4 * 1024 * 1024;

    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(10);
            circuits.DisconnectedCircuitMaxRetained = 200;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessage);
        ForgetKeysWithTheProcess(services);
        services.AddAntiforgery(antiforgery => antiforgery.SuppressXFrameOptionsHeader = true);
        return services
            .AddSingleton<Feed>()
            .AddSingleton<Seats>()
            .AddScoped<Seat>()
            .AddScoped<Microsoft.AspNetCore.Components.Server.Circuits.CircuitHandler, SeatHandler>()
            .AddScoped<Reader>()
            .AddScoped<People>()
            .AddScoped<Acts>()
            .AddScoped<Keys>()
            .AddScoped<Toasts>()
            .AddScoped<ShellState>()
            .AddScoped<Browser>();
    }

    /// <summary>
    /// What the framework's keys protect (the circuit of a page) ends with the process, so they may as well: none is written into somebody's
    /// home folder, and none is made at a start that no browser follows.
    /// </summary>
    private static void ForgetKeysWithTheProcess(IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        foreach (var maker in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(IDataProtectionBuilder).Assembly).ToList())
        {
            services.Remove(maker);
        }
    }

    /// <summary>The gate before all pages. What is under <c>/rest</c> does not pass here.</summary>
    public static void UseConsole(this WebApplication app) =>
        app.UseWhen(http => !http.Request.Path.StartsWithSegments("/rest"), pages =>
        {
            pages.UseMiddleware<Gate>();
            pages.UseAntiforgery();
        });

    public static void MapConsole(this WebApplication app)
    {
        app.MapGet("/assets/{name}", (HttpContext http, string name) => AssetFiles.Answer(http, name));
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null);
    }

    /// <summary>The page to sign in on.</summary>
    /// <param name="csrf">Goes back with the form.</param>
    /// <param name="to">A path of this server to go to afterwards.</param>
    /// <param name="refusal">Why the last attempt failed; null for none.</param>
    public static IResult SignInPage(string csrf, string to, string? refusal, int status) => new RazorComponentResult<SignInPage>(new Dictionary<string, object?>
    {
        [nameof(SignIn.SignInPage.Csrf)] = csrf,
        [nameof(SignIn.SignInPage.To)] = to,
        [nameof(SignIn.SignInPage.Refusal)] = refusal,
    })
    { StatusCode = status };
}

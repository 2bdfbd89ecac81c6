using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Server.Rest;

namespace Vedette.Server.Hosting;

/// <summary>Where measures go: to who asks at <c>/metrics</c>, and to a collector. With both off, nothing listens to the engine.</summary>
internal static class TelemetryHosting
{
    private const string Metrics = "/metrics";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, ServerOptions options)
    {
        if (!options.Metrics && options.Otlp is null)
        {
            return services;
        }

        services.AddSingleton<HealthNumbers>().AddHostedService(provider => provider.GetRequiredService<HealthNumbers>());
        if (options.Metrics)
        {
            services.AddSingleton<MetricsPage>();
        }

        if (options.Otlp is { } collector)
        {
            services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService("vedette"))
                .WithMetrics(metrics => metrics.AddMeter(Telemetry.Name, HealthNumbers.MeterName, "System.Runtime").AddOtlpExporter(otlp => To(otlp, collector, "v1/metrics")))
                // Of spans ours only: those of the framework carry paths and addresses.
                .WithTracing(traces => traces.AddSource(Telemetry.Name).SetSampler(new AlwaysOnSampler()).AddOtlpExporter(otlp => To(otlp, collector, "v1/traces")));
        }

        return services;
    }

    /// <summary>For who is signed in and may see events: the numbers tell how much goes on, and whether anything is stuck.</summary>
    public static void UseMetrics(this WebApplication app, ServerOptions options)
    {
        if (options.Metrics)
        {
            // Counts from the start on, not from the first who asks.
            app.Services.GetRequiredService<MetricsPage>();
        }

        app.Use(async (http, next) =>
        {
            if (http.Request.Path != Metrics)
            {
                await next(http);
            }
            else if (!options.Metrics)
            {
                await RestEndpoints.Send(http, RestAnswer.Failed(404, "There is no /metrics here: it is switched on by the setting metrics."), false);
            }
            else if (!http.RequestServices.GetRequiredService<IStore>().Reachable)
            {
                await RestEndpoints.Send(http, RestAnswer.Of(Units.Unreachable), false);
            }
            else if (!(await Credentials.Caller(http)).Ok(out var caller, out var refusal))
            {
                await RestEndpoints.Send(http, RestAnswer.Of(refusal) with { Status = Credentials.Status(refusal) }, false);
            }
            else if (caller.Lacks(Permissions.ViewEvents) is { } lacks)
            {
                await RestEndpoints.Send(http, RestAnswer.Of(lacks), false);
            }
            else
            {
                await http.RequestServices.GetRequiredService<HealthNumbers>().Look(http.RequestAborted);
                http.Response.ContentType = MetricsPage.ContentType;
                http.Response.Headers.CacheControl = "no-store";
                await http.Response.WriteAsync(http.RequestServices.GetRequiredService<MetricsPage>().Write(), http.RequestAborted);
            }
        });
    }

    private static void To(OtlpExporterOptions otlp, Uri collector, string path)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri($"{collector.ToString().TrimEnd('/')}/{path}");
    }
}

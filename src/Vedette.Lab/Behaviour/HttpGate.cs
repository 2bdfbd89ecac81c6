using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Vedette.Lab.Behaviour;

/// <summary>Every HTTP call passes here: counted, slowed, and spoilt if the system is told to misbehave.</summary>
internal sealed class HttpGate(IEnumerable<IHttpStandIn> standIns, Behaviours behaviours, CallLog calls, LabOptions options)
{
    private const string ProxyPage =
        "<!DOCTYPE html>\n<html><head><title>Please wait</title></head><body><h1>Instance hibernating</h1>" +
        "<p>Sign in to wake it up.</p></body></html>\n";

    private const string DownPage =
        "<!DOCTYPE html>\n<html><head><title>503</title></head><body><h1>Service Unavailable</h1><p>No server is available.</p></body></html>\n";

    private readonly Dictionary<string, IHttpStandIn> _byPrefix =
        standIns.ToDictionary(standIn => LabSystems.Name(standIn.System), StringComparer.Ordinal);

    internal async Task Pass(HttpContext context)
    {
        var whole = context.Request.Path.Value ?? "/";
        var end = whole.IndexOf('/', 1);
        var prefix = end < 0 ? whole[1..] : whole[1..end];
        if (!_byPrefix.TryGetValue(prefix, out var standIn))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var system = standIn.System;
        calls.Calls.Count(system);
        calls.Remember(system, context.Request, options.Clock.GetUtcNow());
        var path = end < 0 ? "" : whole[(end + 1)..].TrimEnd('/');

        try
        {
            await Answer(context, standIn, path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            calls.HangUps.Count(system);
        }
    }

    private async Task Answer(HttpContext context, IHttpStandIn standIn, string path)
    {
        var system = standIn.System;
        var latency = behaviours.Of(system).Latency;
        if (latency > TimeSpan.Zero)
        {
            await Task.Delay(latency, options.Clock, context.RequestAborted);
        }

        var method = context.Request.Method;
        var mishap = behaviours.Next(system, write: !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method));
        await (mishap switch
        {
            Mishap.TooMany => TooMany(context, standIn),
            Mishap.ServerError => Refuse(context, standIn, StatusCodes.Status500InternalServerError, "Internal server error"),
            Mishap.Unavailable => Unavailable(context, standIn),
            Mishap.Html => Write(context, StatusCodes.Status200OK, "text/html; charset=utf-8", ProxyPage),
            Mishap.Huge => Huge(context),
            Mishap.Reset => Reset(context),
            Mishap.Cut => Cut(context, standIn, path),
            Mishap.LateAnswer => AnswerLate(context, standIn, path),
            Mishap.Echo => Echo(context, standIn),
            Mishap.EchoData => EchoData(context, standIn, path),
            _ => standIn.Answer(context, path, mishap),
        });
    }

    /// <summary>Ends the connection with RST: a plain abort may still look like an orderly end to the client.</summary>
    internal static Task Reset(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.LingerState = new LingerOption(true, 0);
        }

        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>As a proxy says it whose system is down: in HTML, whatever was asked for.</summary>
    private Task Unavailable(HttpContext context, IHttpStandIn standIn)
    {
        context.Response.Headers.RetryAfter = behaviours.Of(standIn.System).RetryAfter.ToString(CultureInfo.InvariantCulture);
        return Write(context, StatusCodes.Status503ServiceUnavailable, "text/html; charset=utf-8", DownPage);
    }

    private Task TooMany(HttpContext context, IHttpStandIn standIn)
    {
        var wait = behaviours.Of(standIn.System).RetryAfter;
        var headers = context.Response.Headers;
        headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        if (standIn.System is LabSystem.ServiceNow)
        {
            headers["X-RateLimit-Limit"] = "100";
            headers["X-RateLimit-Reset"] =
                options.Clock.GetUtcNow().AddSeconds(wait).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Rule"] = "2f1c6d0ac3a1120021a7fbd1bd40dd3e";
        }

        return Refuse(context, standIn, StatusCodes.Status429TooManyRequests, "Rate limit exceeded");
    }

    private static async Task Echo(HttpContext context, IHttpStandIn standIn) =>
        await Refuse(context, standIn, StatusCodes.Status400BadRequest, $"Bad request: {await Told(context.Request)}");

    private static async Task EchoData(HttpContext context, IHttpStandIn standIn, string path)
    {
        var told = await Told(context.Request);
        var whole = JsonNode.Parse(await Held(context, standIn, path));
        Repeat(whole, told);
        await context.Response.WriteAsync(whole!.ToJsonString(), context.RequestAborted);
    }

    private static void Repeat(JsonNode? node, string told)
    {
        foreach (var inner in node switch { JsonObject members => members.Select(member => member.Value).ToList(), JsonArray items => [.. items], _ => [] })
        {
            Repeat(inner, told);
        }

        if (node is JsonObject record)
        {
            record["echo"] = told;
        }
    }

    private static async Task<string> Told(HttpRequest request)
    {
        var told = new StringBuilder(request.Method).Append(' ')
            .Append(request.PathBase).Append(request.Path).Append(request.QueryString);
        foreach (var header in request.Headers)
        {
            told.Append(" | ").Append(header.Key).Append(": ").Append(header.Value.ToString());
        }

        request.EnableBuffering();
        using var body = new StreamReader(request.Body, leaveOpen: true);
        told.Append(" | ").Append(await body.ReadToEndAsync(request.HttpContext.RequestAborted));
        request.Body.Position = 0;
        return told.ToString();
    }

    private static Task Refuse(HttpContext context, IHttpStandIn standIn, int status, string text)
    {
        var (contentType, body) = standIn.Error(status, text);
        return Write(context, status, contentType, body);
    }

    private static Task Write(HttpContext context, int status, string contentType, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static async Task Huge(HttpContext context)
    {
        const int megabytes = 50;
        context.Response.ContentType = "application/json";
        var megabyte = new byte[1 << 20];
        megabyte.AsSpan().Fill((byte)'x');
        await context.Response.Body.WriteAsync("{\"result\":\""u8.ToArray(), context.RequestAborted);
        for (var sent = 0; sent < megabytes; sent++)
        {
            await context.Response.Body.WriteAsync(megabyte, context.RequestAborted);
        }

        await context.Response.Body.WriteAsync("\"}"u8.ToArray(), context.RequestAborted);
    }

    private static async Task Cut(HttpContext context, IHttpStandIn standIn, string path)
    {
        var whole = await Held(context, standIn, path);
        context.Response.ContentLength = Math.Max(whole.Length, 2);
        var half = whole.Length > 1 ? whole.AsMemory(0, whole.Length / 2) : "<"u8.ToArray();
        await context.Response.Body.WriteAsync(half, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private async Task AnswerLate(HttpContext context, IHttpStandIn standIn, string path)
    {
        var whole = await Held(context, standIn, path);
        await Task.Delay(options.LateAnswerAfter, options.Clock, context.RequestAborted);
        await context.Response.Body.WriteAsync(whole, context.RequestAborted);
    }

    /// <summary>Lets the system do its work and keeps the body of its answer back.</summary>
    private static async Task<byte[]> Held(HttpContext context, IHttpStandIn standIn, string path)
    {
        var wire = context.Response.Body;
        using var held = new MemoryStream();
        context.Response.Body = held;
        try
        {
            await standIn.Answer(context, path, Mishap.None);
        }
        finally
        {
            context.Response.Body = wire;
        }

        context.Response.ContentLength = null;
        return held.ToArray();
    }
}

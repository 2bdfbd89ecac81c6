using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vedette.Server.Tests.Repositories;

/// <summary>Serves a folder of repositories by Git's own program for HTTP, with credentials, and badly if it is told to.</summary>
internal sealed class HttpSide : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpSide(WebApplication app, string root)
    {
        _app = app;
        Root = root;
        app.Run(Answer);
    }

    public string Root { get; }

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>User and password to ask for; null for nobody's.</summary>
    public string? Credentials { get; set; }

    /// <summary>Bytes of a pack after which the line is cut.</summary>
    public int? CutAfter { get; set; }

    /// <summary>Packs are begun and not gone on with.</summary>
    public bool Stalls { get; set; }

    /// <summary>Sends every question elsewhere.</summary>
    public string? ElseWhere { get; set; }

    /// <summary>Set when a pack has begun.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What every question had as credentials.</summary>
    public ConcurrentQueue<string> Shown { get; } = new();

    public static async Task<HttpSide> Serve(string root)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var side = new HttpSide(builder.Build(), root);
        await side._app.StartAsync(TestContext.Current.CancellationToken);
        return side;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Answer(HttpContext http)
    {
        var given = http.Request.Headers.Authorization.ToString();
        Shown.Enqueue(given);
        if (ElseWhere is { } elsewhere)
        {
            http.Response.Redirect($"{elsewhere}{http.Request.Path}{http.Request.QueryString}");
            return;
        }

        if (Credentials is { } needed && given != $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(needed))}")
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"playbooks\"";
            return;
        }

        using var git = Start(http.Request);
        await http.Request.Body.CopyToAsync(git.StandardInput.BaseStream, http.RequestAborted);
        git.StandardInput.Close();
        using var whole = new MemoryStream();
        await git.StandardOutput.BaseStream.CopyToAsync(whole, http.RequestAborted);
        await git.WaitForExitAsync(http.RequestAborted);
        await Send(http, whole.ToArray());
    }

    private async Task Send(HttpContext http, byte[] answer)
    {
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(answer, 0, end).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.StartsWith("Status:", StringComparison.Ordinal))
            {
                http.Response.StatusCode = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            }
            else
            {
                http.Response.Headers[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        var body = answer.AsMemory(end + 4);
        // The first answers are the list of branches; the long one is the pack.
        if (body.Span.IndexOf("PACK"u8) >= 0 && (Stalls || CutAfter is not null))
        {
            await http.Response.Body.WriteAsync(body[..Math.Min(body.Length, CutAfter ?? 1)], http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            Begun.TrySetResult();
            if (Stalls)
            {
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }

            http.Abort();
            return;
        }

        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private Process Start(HttpRequest request)
    {
        var start = new ProcessStartInfo("/usr/lib/git-core/git-http-backend") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = false };
        foreach (var (name, value) in new[]
        {
            ("GIT_PROJECT_ROOT", Root), ("GIT_HTTP_EXPORT_ALL", "1"), ("REQUEST_METHOD", request.Method), ("PATH_INFO", request.Path.Value!), ("QUERY_STRING", request.QueryString.Value!.TrimStart('?')),
            ("CONTENT_TYPE", request.ContentType ?? ""), ("HTTP_CONTENT_ENCODING", request.Headers.ContentEncoding.ToString()), ("GIT_PROTOCOL", request.Headers["Git-Protocol"].ToString()),
            ("REMOTE_USER", "somebody"), ("REMOTE_ADDR", "127.0.0.1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"),
        })
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}

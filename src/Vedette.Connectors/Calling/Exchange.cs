using System.Net.Http.Headers;
using System.Text;
using Vedette.Sdk;

namespace Vedette.Connectors.Calling;

/// <summary>One HTTP request and its whole answer, bounded.</summary>
internal static class Exchange
{
    /// <summary>More than this is not read: an answer that never ends would otherwise fill the memory.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    public static async Task<Reply> Ask(ActionCall call, HttpRequestMessage request, TlsCheck tls, bool reading, CancellationToken ct)
    {
        using var owned = request;
        if (!reading)
        {
            InTime(call);
        }

        using var response = await Sent(call, request, tls, reading, ct);
        var body = await Body(response, reading, ct);
        return new Reply(
            (int)response.StatusCode,
            response.ReasonPhrase ?? "",
            response.Content.Headers.ContentType?.MediaType ?? "",
            call.Secrets.HideIn(body),
            RetryAfter(response, call.Time),
            reading);
    }

    /// <summary>A sign-in or a look in the course of a changing action changes nothing, whatever became of it.</summary>
    private static async Task<HttpResponseMessage> Sent(ActionCall call, HttpRequestMessage request, TlsCheck tls, bool reading, CancellationToken ct)
    {
        try
        {
            return await call.WayOut.Send(request, tls, ct);
        }
        catch (WayOutException e) when (reading && e.Fault.MayHaveHappened)
        {
            throw new WayOutException(e.Fault with { MayHaveHappened = false }, e.Message, e);
        }
    }

    /// <summary>A changing call is not sent late: somebody else may already be settling it.</summary>
    public static void InTime(ActionCall call)
    {
        if (call.Time.GetUtcNow() > call.SendBy)
        {
            throw new CallException(new Fault(FaultKind.TooLate), "The time to send this call is over; it was not sent.");
        }
    }

    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public static TlsCheck Tls(AssetSettings asset, string verifyField) => new(asset.Flag(verifyField, otherwise: true), asset.Text("ca_certificate"));

    private static async Task<byte[]> Body(HttpResponseMessage response, bool reading, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[32 * 1024];
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(ct);
            while (await stream.ReadAsync(buffer, ct) is > 0 and var read)
            {
                if (body.Length + read > MostBytes)
                {
                    throw CallException.Unreadable($"The answer is larger than {MostBytes / (1024 * 1024)} MB and was not read further. Ask for less.", !reading);
                }

                body.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException)
        {
            ct.ThrowIfCancellationRequested();
            throw new CallException(new Fault(FaultKind.Broken, MayHaveHappened: !reading), "The connection ended before the answer was whole.", e);
        }

        return body.ToArray();
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } at } => at - time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };
}

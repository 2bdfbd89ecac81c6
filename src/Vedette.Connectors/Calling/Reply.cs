using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Sdk;

namespace Vedette.Connectors.Calling;

/// <summary>A whole HTTP answer.</summary>
internal sealed record Reply(int Status, string Reason, string MediaType, byte[] Body, TimeSpan? RetryAfter, bool Reading)
{
    public bool Ok => Status is >= 200 and < 300;

    /// <summary>The body as text; bytes that are not UTF-8 are replaced, never a failure.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    public bool LooksLikeHtml => MediaType.Contains("html", StringComparison.OrdinalIgnoreCase) || Text.AsSpan().TrimStart().StartsWith("<");

    /// <summary>The facts of an answer that is a failure.</summary>
    public Fault Fault => Status switch
    {
        429 => new Fault(FaultKind.SlowDown, RetryAfter: RetryAfter, Status: Status),
        // 503 says that nothing was taken in; after the others nobody can say what a gateway passed on.
        503 => new Fault(FaultKind.OutOfOrder, RetryAfter: RetryAfter, Status: Status),
        >= 500 => new Fault(FaultKind.OutOfOrder, MayHaveHappened: !Reading, RetryAfter, Status),
        401 or 403 => new Fault(FaultKind.Unauthorized, Status: Status),
        _ => new Fault(FaultKind.Refused, Status: Status),
    };

    /// <summary>The body as JSON. What is not JSON ends the action as unreadable.</summary>
    public JsonNode Json(string who)
    {
        try
        {
            return JsonNode.Parse(Body, documentOptions: new JsonDocumentOptions { MaxDepth = 64 })
                ?? throw CallException.Unreadable($"{who} answered null.", !Reading);
        }
        catch (JsonException e)
        {
            var what = LooksLikeHtml ? $"an HTML page: {Short(PlainText())}" : "something that is not JSON";
            throw new CallException(new Fault(FaultKind.Unreadable, MayHaveHappened: !Reading, Status: Status), $"{who} answered status {Status} with {what}", e);
        }
    }

    /// <summary>The JSON of the body, or null: for error bodies, where either is fine.</summary>
    public JsonNode? JsonOrNull()
    {
        try
        {
            return JsonNode.Parse(Body);
        }
        catch (JsonException)
        {
            // An error body in another form is told by its status.
            return null;
        }
    }

    /// <summary>What a person would read of the body.</summary>
    public string PlainText()
    {
        var text = Text;
        if (!LooksLikeHtml)
        {
            return text.Trim();
        }

        var shown = new StringBuilder();
        var inTag = false;
        foreach (var c in text)
        {
            inTag = c == '<' || (inTag && c != '>');
            shown.Append(inTag || c == '>' ? ' ' : c);
        }

        return string.Join(' ', WebUtility.HtmlDecode(shown.ToString()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    public static string Short(string text) => text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "...");
}

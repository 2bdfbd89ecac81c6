using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Vedette.Sdk;

namespace Vedette.Connectors.Calling;

/// <summary>A whole HTTP answer.</summary>
internal sealed partial record Reply(int Status, string Reason, string MediaType, byte[] Body, TimeSpan? RetryAfter, bool Reading)
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
            return Parsed()
                ?? throw CallException.Unreadable($"{who} answered null.", !Reading);
        }
        catch (JsonException e)
        {
            var what = LooksLikeHtml
                ? $"an HTML page where data was expected: {Short(PlainText())}. Check the address in the asset: a proxy or a sign-in page may be answering"
                : "something that is not JSON";
            throw new CallException(new Fault(FaultKind.Unreadable, MayHaveHappened: !Reading, Status: Status), $"{who} answered status {Status} with {what}.", e);
        }
    }

    /// <summary>The JSON of the body, or null: for error bodies, where either is fine.</summary>
    public JsonNode? JsonOrNull()
    {
        try
        {
            return Parsed();
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

    /// <summary>Bytes that are no UTF-8 and halves of surrogate pairs are replaced: read as they are they would throw only when somebody looks at them.</summary>
    private JsonNode? Parsed()
    {
        var options = new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false };
        var bytes = Body.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Body.AsSpan(Encoding.UTF8.Preamble.Length) : Body;
        return Utf8.IsValid(bytes) && bytes.IndexOf("\\ud"u8) < 0 && bytes.IndexOf("\\uD"u8) < 0
            ? JsonNode.Parse(bytes, documentOptions: options)
            : JsonNode.Parse(Surrogates().Replace(Encoding.UTF8.GetString(bytes), m => m.Groups["half"].Success ? "\\ufffd" : m.Value), documentOptions: options);
    }

    [GeneratedRegex(@"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})")]
    private static partial Regex Surrogates();

    public static string Short(string text) => text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "...");
}

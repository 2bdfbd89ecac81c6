using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest;

/// <summary>A call of the REST API, by HTTP or from a run in process: the same for both.</summary>
internal sealed class RestCall
{
    /// <summary>How deep lists and objects of a body may lie in one another.</summary>
    public const int Deepest = 64;

    public required string Method { get; init; }

    /// <summary>Decoded segments after <c>/rest</c>.</summary>
    public required IReadOnlyList<string> Path { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Query { get; init; }

    public required ReadOnlyMemory<byte> Content { get; init; }

    public required RequestWork Work { get; init; }

    public CancellationToken Ct { get; init; }

    public Caller Caller => Work.Caller;

    /// <summary>The number that the second segment is, on a route that has <c>{id}</c> there.</summary>
    public long Number => Id(Path[1]) ?? throw new InvalidOperationException($"/rest/{string.Join('/', Path)} has no number in its second place.");

    public string? Param(string name) => Query.LastOrDefault(pair => pair.Key == name).Value;

    /// <summary>A flag is on when it is there without a value, or with a true one.</summary>
    public bool Flag(string name) => Param(name) is { } value && value is "" or "true" or "True" or "1";

    public Posted Body(Shape shape) => Posted.Of(Json(), shape);

    public JsonElement Json()
    {
        if (Content.IsEmpty)
        {
            throw new BadRequestException("The body is empty; a JSON object is expected.");
        }

        if (!Utf8.IsValid(Content.Span))
        {
            throw new BadRequestException($"The body is not UTF-8: the byte at {FirstNoUtf8(Content.Span)} belongs to no character. Send JSON in UTF-8.");
        }

        try
        {
            using var parsed = JsonDocument.Parse(Content, new JsonDocumentOptions { MaxDepth = Deepest });
            if (Content.Span.IndexOf("\\u"u8) >= 0)
            {
                RejectBrokenText(parsed.RootElement);
            }

            return parsed.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            var where = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}";
            throw new BadRequestException(
                TooDeep(Content.Span) ? $"The body is nested deeper than {Deepest} levels ({where})." : $"The body is no JSON that can be read ({where}). Send one whole JSON object.",
                exception);
        }
    }

    private static int FirstNoUtf8(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(body[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    /// <summary>Whether it is the depth that a body was refused for; read without going deep itself.</summary>
    private static bool TooDeep(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= Deepest && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Broken before it was too deep.
            return false;
        }

        return false;
    }

    private static void RejectBrokenText(JsonElement element)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var property in element.EnumerateObject())
                    {
                        _ = property.Name;
                        RejectBrokenText(property.Value);
                    }

                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                    {
                        RejectBrokenText(item);
                    }

                    break;
                case JsonValueKind.String:
                    _ = element.GetString();
                    break;
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new BadRequestException("The body has text with half of a surrogate pair in it, which is no Unicode.", exception);
        }
    }

    public static IReadOnlyList<string> Segments(string rawPath) =>
        [.. rawPath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];

    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(string rawQuery) =>
        [.. rawQuery.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair)];

    private static KeyValuePair<string, string> Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? new(Decoded(text), "") : new(Decoded(text[..equals]), Decoded(text[(equals + 1)..]));
    }

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    public static long? Id(string segment) => long.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}

/// <summary>A request that cannot be understood: 400 with this sentence.</summary>
public sealed class BadRequestException : Exception
{
    public BadRequestException()
    {
    }

    public BadRequestException(string message)
        : base(message)
    {
    }

    public BadRequestException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

internal sealed record RestAnswer(int Status, JsonNode? Body, byte[]? Bytes = null, string ContentType = "application/json", string? FileName = null)
{
    /// <summary>It shows a secret that is shown once: no copy is kept, so a repeat of the request is told so.</summary>
    public bool ShownOnce { get; init; }

    /// <summary>Content too large to be held: sent as it is read, in place of a body.</summary>
    public Stream? File { get; init; }

    public static RestAnswer Ok(JsonNode body) => new(200, body);

    public static RestAnswer Failed(int status, string message) => new(status, Wire.Failed(message));

    public static RestAnswer NotFound(string what) => Failed(404, $"{what} item not found");

    public static RestAnswer Of(Refusal refusal)
    {
        var status = refusal.Kind switch
        {
            RefusalKind.Invalid => 400,
            RefusalKind.Unauthenticated => 401,
            RefusalKind.NotFound => 404,
            RefusalKind.Forbidden => 403,
            RefusalKind.Duplicate => 400,
            RefusalKind.Conflict => 409,
            RefusalKind.TooLarge => 413,
            RefusalKind.Unavailable => 503,
            _ => throw new InvalidOperationException($"A refusal of a kind that has no status: {refusal.Kind}."),
        };
        var body = Wire.Failed(refusal.Message);
        body["code"] = refusal.Code;
        return new RestAnswer(status, body);
    }

    public byte[] Content(bool pretty) => Bytes ?? (Body is null ? [] : Encoding.UTF8.GetBytes(Body.ToJsonString(pretty ? Wire.Indented : Wire.Compact)));
}

using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Workers;

/// <summary>One turn in one child: what is sent, what is taken, and every way in which it ends.</summary>
internal sealed class Turn(Child child, TurnOrder order, ITurnCalls calls)
{
    private readonly TurnLimits _limits = order.Limits;
    private readonly List<double> _readings = [];
    private int _calls;
    private int _lines;
    private long _lineBytes;
    private long _bytes;
    private long _clockReadings;

    /// <summary>It returned, cleaned up, and has nothing more to say.</summary>
    public bool ChildMayGoOn { get; private set; }

    public async Task<TurnEnd> Run(CancellationToken cancellation)
    {
        child.Turns++;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limits.Deadline);
        try
        {
            WriteOrder();
            await child.Send(limit.Token).ConfigureAwait(false);
            while (true)
            {
                var frame = await child.Reader.Read(_limits.MaxFrameBytes, limit.Token).ConfigureAwait(false);
                if (frame is null)
                {
                    return new TurnEnd.Lost(LossKind.Died, "The Python process ended in the middle of the turn.");
                }
                if (await Take(frame.Value, limit.Token).ConfigureAwait(false) is { } end)
                {
                    return end;
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            child.Kill();
            return new TurnEnd.Lost(LossKind.Cancelled, "The turn was cancelled.");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            child.Kill();
            return new TurnEnd.Lost(LossKind.Deadline, $"The turn took longer than {_limits.Deadline.TotalSeconds:0.###} s and was ended.");
        }
        catch (BreachException breach)
        {
            child.Kill();
            return new TurnEnd.Lost(LossKind.Breach, $"The Python process broke the rules of a turn and was ended: {breach.Message}.");
        }
        catch (JsonException error)
        {
            child.Kill();
            return new TurnEnd.Lost(LossKind.Breach, $"The Python process broke the rules of a turn and was ended: a message could not be read ({error.Message}).");
        }
        catch (SocketException)
        {
            return new TurnEnd.Lost(LossKind.Died, "The Python process ended in the middle of the turn.");
        }
    }

    private void WriteOrder()
    {
        var writer = child.Writer;
        var sendSource = child.Sources.Add(order.SourceHash);
        writer.Clear();
        writer.Begin().Raw("{\"turn\":1,\"hash\":"u8).Text(order.SourceHash).Raw(",\"name\":"u8).Text(order.SourceName)
            .Raw(",\"function\":"u8).Text(order.Function).Raw(order.MayBeAbsent ? ",\"optional\":true"u8 : ",\"optional\":false"u8).Raw(sendSource ? ",\"source\":true"u8 : ",\"source\":false"u8)
            .Raw(",\"args\":"u8).Raw(order.Arguments.Span).Raw(",\"kwargs\":"u8).Raw(order.Keywords.Span)
            .Raw(",\"handed\":"u8).Raw(order.Handed.Span).Raw(",\"seed\":"u8).Number(order.Seed).Raw(",\"clock\":["u8);
        for (var at = 0; at < order.Clock.Count; at++)
        {
            if (at > 0)
            {
                writer.Raw(","u8);
            }
            writer.Number(order.Clock[at]);
        }
        writer.Raw("],\"cf\":"u8).Raw(order.IsCustomFunction ? "true"u8 : "false"u8)
            .Raw(",\"py2\":"u8).Raw(order.Python2Layer ? "true"u8 : "false"u8)
            .Raw(",\"log_lines\":"u8).Number(_limits.MaxLogLines).Raw(",\"log_bytes\":"u8).Number(_limits.MaxLogBytes)
            .Raw(",\"frame\":"u8).Number(_limits.MaxFrameBytes);
        if (order.Now is { } now)
        {
            writer.Raw(",\"now\":"u8).Number(now);
        }
        writer.Raw(order.Reached is null ? "}"u8 : ",\"watch\":true}"u8).End();
        if (sendSource)
        {
            writer.Begin().Raw(order.Source.Span).End();
        }
    }

    private async ValueTask<TurnEnd?> Take(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        Count(ref _bytes, frame.Length, _limits.MaxBytes, "bytes");
        CheckText(frame.Span);
        using var document = JsonDocument.Parse(frame, new JsonDocumentOptions { MaxDepth = _limits.MaxDepth + 2 });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new BreachException("a message is an object");
        }
        if (root.TryGetProperty("c"u8, out var name))
        {
            CountCall();
            await Answer(Name(name), Arguments(root), cancellation).ConfigureAwait(false);
        }
        else if (root.TryGetProperty("t"u8, out name))
        {
            CountCall();
            Tell(Name(name), Arguments(root));
        }
        else if (root.TryGetProperty("l"u8, out var lines))
        {
            TakeLines(lines);
        }
        else if (root.TryGetProperty("k"u8, out var readings))
        {
            TakeReadings(readings);
        }
        else if (order.Reached is { } reached && root.TryGetProperty("p"u8, out var places))
        {
            reached(Places(places));
        }
        else if (root.TryGetProperty("r"u8, out var value))
        {
            ChildMayGoOn = child.Reader.Waiting == 0 && !root.TryGetProperty("last"u8, out _);
            return new TurnEnd.Returned(order.IsCustomFunction ? JsonMarshal.GetRawUtf8Value(value).ToArray() : "null"u8.ToArray());
        }
        else if (root.TryGetProperty("e"u8, out var failure) && failure.ValueKind == JsonValueKind.Object)
        {
            return new TurnEnd.Raised(Member(failure, "type"u8), Member(failure, "message"u8), Member(failure, "traceback"u8),
                failure.TryGetProperty("line"u8, out var line) && line.ValueKind == JsonValueKind.Number && line.TryGetInt32(out var number) ? number : 0);
        }
        else if (root.TryGetProperty("m"u8, out _))
        {
            return new TurnEnd.Lost(LossKind.Memory, $"The turn needed more than {_limits.MemoryBytes >> 20} MB of memory and was ended.");
        }
        else
        {
            throw new BreachException("a message of no known kind");
        }
        return null;
    }

    private async ValueTask Answer(string name, JsonElement arguments, CancellationToken cancellation)
    {
        var writer = child.Writer;
        try
        {
            var value = await calls.Call(name, arguments, cancellation).ConfigureAwait(false);
            writer.Begin().Raw("{\"v\":"u8).Raw(value.Span).Raw("}"u8).End();
        }
        catch (TurnCallException raised)
        {
            writer.Clear();
            writer.Begin().Raw("{\"x\":"u8).Text(raised.PythonType).Raw(",\"m\":"u8).Text(raised.Message).Raw("}"u8).End();
        }
        await child.Send(cancellation).ConfigureAwait(false);
    }

    private void Tell(string name, JsonElement arguments)
    {
        try
        {
            calls.Tell(name, arguments);
        }
        catch (TurnCallException raised)
        {
            // Nobody waits for an answer that could raise it, and no honest worker tells this.
            throw new BreachException(raised.Message);
        }
    }

    private void TakeLines(JsonElement lines)
    {
        if (lines.ValueKind != JsonValueKind.Array)
        {
            throw new BreachException("log lines are a list");
        }
        foreach (var line in lines.EnumerateArray())
        {
            if (line.ValueKind != JsonValueKind.Array || line.GetArrayLength() != 2 || line[1].ValueKind != JsonValueKind.String
                || line[0].ValueKind != JsonValueKind.Number || !line[0].TryGetInt32(out var level))
            {
                throw new BreachException("a log line is a level and a text");
            }
            var text = line[1].GetString() ?? "";
            if (++_lines > _limits.MaxLogLines)
            {
                throw new BreachException($"more than {_limits.MaxLogLines} log lines");
            }
            Count(ref _lineBytes, text.Length, _limits.MaxLogBytes + 1024, "characters of log");
            calls.Log(level, text);
        }
    }

    private void TakeReadings(JsonElement readings)
    {
        if (readings.ValueKind != JsonValueKind.Array)
        {
            throw new BreachException("readings of the clock are a list");
        }
        Count(ref _clockReadings, readings.GetArrayLength(), _limits.MaxValues, "readings of the clock");
        _readings.Clear();
        foreach (var reading in readings.EnumerateArray())
        {
            _readings.Add(reading.ValueKind == JsonValueKind.Number && reading.TryGetDouble(out var seconds)
                ? seconds
                : throw new BreachException("a reading of the clock is a number"));
        }
        calls.ClockRead(_readings);
    }

    private void CountCall()
    {
        if (++_calls > _limits.MaxCalls)
        {
            throw new BreachException($"more than {_limits.MaxCalls} calls");
        }
    }

    private static void Count(ref long sum, long more, long limit, string what)
    {
        sum += more;
        if (sum > limit)
        {
            throw new BreachException($"more than {limit} {what}");
        }
    }

    /// <summary>Text that cannot be had as a string would throw much later, in the midst of the engine.</summary>
    private void CheckText(ReadOnlySpan<byte> frame)
    {
        if (!Utf8.IsValid(frame))
        {
            throw new BreachException("a message is not UTF-8");
        }
        var many = frame.Count((byte)',') > _limits.MaxValues;
        if (!many && frame.IndexOf("\\u"u8) < 0)
        {
            return;
        }
        var values = 0;
        var reader = new Utf8JsonReader(frame, new JsonReaderOptions { MaxDepth = _limits.MaxDepth + 2 });
        while (reader.Read())
        {
            if (++values > 2 * (long)_limits.MaxValues)
            {
                throw new BreachException($"a message holds more than {_limits.MaxValues} values");
            }
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    throw new BreachException("a message holds half a character");
                }
            }
        }
    }

    private static List<int> Places(JsonElement places) => places.ValueKind == JsonValueKind.Array
        ? [.. places.EnumerateArray().Select(place => place.ValueKind == JsonValueKind.Number && place.TryGetInt32(out var number)
            ? number
            : throw new BreachException("a place of a source is a whole number"))]
        : throw new BreachException("places are a list");

    private static string Name(JsonElement name) =>
        name.ValueKind == JsonValueKind.String ? name.GetString() ?? "" : throw new BreachException("the name of a call is a text");

    private static JsonElement Arguments(JsonElement root) =>
        root.TryGetProperty("a"u8, out var arguments) && arguments.ValueKind == JsonValueKind.Object
            ? arguments
            : throw new BreachException("arguments are an object");

    private static string Member(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() ?? "" : "";
}

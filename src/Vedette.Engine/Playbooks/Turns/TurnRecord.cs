using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>
/// The record of a turn: what was called in which order, with which answers, the clock and the log. Answers that can be computed again are
/// kept as a hash only. It becomes one compressed blob.
/// </summary>
internal sealed class TurnRecord
{
    private readonly List<RecordedCall> _calls = [];
    private readonly List<double> _clock = [];
    private readonly List<(int Level, string Line)> _log = [];

    public IReadOnlyList<RecordedCall> Calls => _calls;

    public IReadOnlyList<double> Clock => _clock;

    public IReadOnlyList<(int Level, string Line)> Log => _log;

    public void Call(string name, string arguments, string answer) => _calls.Add(new RecordedCall(name, arguments, answer));

    public void ClockRead(IReadOnlyList<double> readings) => _clock.AddRange(readings);

    public void Say(int level, string line) => _log.Add((level, line));

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16]);

    /// <summary>What was called and answered so far, whole: to be given again.</summary>
    public byte[] Open() => Compress(json =>
    {
        json.WriteStartArray("calls");
        foreach (var call in _calls)
        {
            json.WriteStartArray();
            json.WriteStringValue(call.Name);
            json.WriteStringValue(Hash(call.Arguments));
            json.WriteStringValue(call.Answer);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        WriteClock(json);
    });

    public byte[] Close(string function, string sourceHash, ulong seed) => Compress(json =>
    {
        json.WriteString("function", function);
        json.WriteString("source", sourceHash);
        json.WriteString("engine", EngineVersion);
        json.WriteNumber("seed", seed);
        json.WriteStartArray("calls");
        foreach (var call in _calls)
        {
            json.WriteStartObject();
            json.WriteString("name", call.Name);
            if (Pure.Contains(call.Name))
            {
                json.WriteString("arguments_hash", Hash(call.Arguments));
                json.WriteString("answer_hash", Hash(call.Answer));
            }
            else
            {
                json.WriteString("arguments", call.Arguments);
                json.WriteString("answer", call.Answer);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteClock(json);
        json.WriteStartArray("log");
        foreach (var (level, line) in _log)
        {
            json.WriteStartArray();
            json.WriteNumberValue(level);
            json.WriteStringValue(line);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    /// <summary>Reads what <see cref="Open"/> wrote.</summary>
    public static (IReadOnlyList<RecordedCall> Calls, IReadOnlyList<double> Clock) Read(byte[] open)
    {
        using var brotli = new BrotliStream(new MemoryStream(open), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(brotli);
        return (
            [.. document.RootElement.GetProperty("calls").EnumerateArray().Select(call => new RecordedCall(call[0].GetString()!, call[1].GetString()!, call[2].GetString()!))],
            [.. document.RootElement.GetProperty("clock").EnumerateArray().Select(reading => reading.GetDouble())]);
    }

    /// <summary>Reads what <see cref="Close"/> wrote; of calls whose answer was kept as a hash there is nothing to tell.</summary>
    public static (IReadOnlyList<RecordedCall> Calls, IReadOnlyList<double> Clock) ReadClosed(byte[] closed)
    {
        using var brotli = new BrotliStream(new MemoryStream(closed), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(brotli);
        return (
            [.. document.RootElement.GetProperty("calls").EnumerateArray().Where(call => call.TryGetProperty("answer", out _))
                .Select(call => new RecordedCall(call.GetProperty("name").GetString()!, call.GetProperty("arguments").GetString()!, call.GetProperty("answer").GetString()!))],
            [.. document.RootElement.GetProperty("clock").EnumerateArray().Select(reading => reading.GetDouble())]);
    }

    /// <summary>Calls whose answer follows from what is on disk.</summary>
    private static HashSet<string> Pure { get; } = ["collect2", "collect", "condition", "decision", "format"];

    private static string EngineVersion { get; } = typeof(TurnRecord).Assembly.GetName().Version?.ToString(3) ?? "0";

    private void WriteClock(Utf8JsonWriter json)
    {
        json.WriteStartArray("clock");
        foreach (var reading in _clock)
        {
            json.WriteNumberValue(reading);
        }

        json.WriteEndArray();
    }

    private static byte[] Compress(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        // The quickest quality and a small window: a stream of its own would set up megabytes for some kilobytes of record.
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(buffer.WrittenCount)];
        return BrotliEncoder.TryCompress(buffer.WrittenSpan, compressed, out var length, quality: 1, window: 16)
            ? compressed[..length]
            : throw new InvalidOperationException("The record of a turn could not be compressed.");
    }
}

/// <param name="Arguments">JSON; in a record that was read back, its hash.</param>
/// <param name="Answer">JSON.</param>
internal sealed record RecordedCall(string Name, string Arguments, string Answer);

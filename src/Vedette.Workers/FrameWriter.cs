using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace Vedette.Workers;

/// <summary>Builds frames in one buffer that is used again; JSON that came as bytes is passed on as it is.</summary>
internal sealed class FrameWriter
{
    private readonly ArrayBufferWriter<byte> _out = new(16 * 1024);
    private int _frame;

    public ReadOnlyMemory<byte> Written => _out.WrittenMemory;

    public void Clear() => _out.ResetWrittenCount();

    public FrameWriter Begin()
    {
        _frame = _out.WrittenCount;
        _out.Write<byte>([0, 0, 0, 0]);
        return this;
    }

    public FrameWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _out.Write(bytes);
        return this;
    }

    public FrameWriter Text(string text)
    {
        _out.Write("\""u8);
        _out.Write(JsonEncodedText.Encode(text).EncodedUtf8Bytes);
        _out.Write("\""u8);
        return this;
    }

    public FrameWriter Number<T>(T number) where T : IUtf8SpanFormattable
    {
        var span = _out.GetSpan(32);
        if (!number.TryFormat(span, out var written, typeof(T) == typeof(double) ? "R" : "", CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException("A number does not fit into 32 characters.");
        }
        _out.Advance(written);
        return this;
    }

    public void End()
    {
        var length = _out.WrittenCount - _frame - 4;
        var whole = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_out.WrittenMemory).Span;
        BinaryPrimitives.WriteInt32LittleEndian(whole[_frame..], length);
    }
}

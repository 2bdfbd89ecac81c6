using System.Buffers.Binary;
using System.Net.Sockets;

namespace Vedette.Workers;

/// <summary>Takes frames off a socket; a frame is readable until the next one is asked for.</summary>
internal sealed class FrameReader(Socket socket)
{
    private const int Usual = 64 * 1024;
    private byte[] _buffer = new byte[Usual];
    private int _start;
    private int _end;

    /// <summary>Bytes that came after the frame read last.</summary>
    public int Waiting => _end - _start;

    /// <summary>The next frame; null when the other side has gone. A length above <paramref name="largest"/> is a breach, told before anything is allocated.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> Read(int largest, CancellationToken cancellation)
    {
        while (true)
        {
            var have = _end - _start;
            var need = 4;
            if (have >= 4)
            {
                var length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
                if (length > (uint)largest)
                {
                    throw new BreachException($"it announced a message of {length} bytes, {largest} are allowed");
                }
                need = 4 + (int)length;
                if (have >= need)
                {
                    var frame = new ReadOnlyMemory<byte>(_buffer, _start + 4, (int)length);
                    _start += need;
                    return frame;
                }
            }
            if (have == 0)
            {
                _start = _end = 0;
            }
            if (_buffer.Length - _start < need || _end == _buffer.Length)
            {
                MakeRoom(need);
            }
            var got = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellation).ConfigureAwait(false);
            if (got == 0)
            {
                return null;
            }
            _end += got;
        }
    }

    /// <summary>Gives back what a long frame needed.</summary>
    public void Shrink()
    {
        if (_buffer.Length > 16 * Usual && _start == _end)
        {
            _buffer = new byte[Usual];
            _start = _end = 0;
        }
    }

    // Room grows with what has arrived, not with what was announced: a child that only claims to send much costs nothing.
    private void MakeRoom(int need)
    {
        var have = _end - _start;
        var size = _buffer.Length;
        if (have * 2 > size)
        {
            size = Math.Max(Usual, Math.Min(Math.Max(need, Usual), size * 2));
        }
        var target = size == _buffer.Length ? _buffer : new byte[size];
        Buffer.BlockCopy(_buffer, _start, target, 0, have);
        _buffer = target;
        _start = 0;
        _end = have;
    }
}

/// <summary>A child sent what no honest one sends.</summary>
internal sealed class BreachException(string message) : Exception(message);

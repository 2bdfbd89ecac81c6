using System.Security.Cryptography;

namespace Vedette.Engine.Vault;

/// <summary>Reads content once, and knows its size and digests when it has been read to the end.</summary>
internal sealed class MeasuredStream(Stream content, long most) : Stream
{
    private readonly IncrementalHash _sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    public long Size { get; private set; }

    public string Sha1 { get; private set; } = "";

    public string Sha256 { get; private set; } = "";

    public string Md5 { get; private set; } = "";

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Size;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken);
        Take(buffer.Span[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = content.Read(buffer, offset, count);
        Take(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sha1.Dispose();
            _sha256.Dispose();
            _md5.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
        {
            if (Sha1.Length == 0)
            {
                Sha1 = Convert.ToHexStringLower(_sha1.GetHashAndReset());
                Sha256 = Convert.ToHexStringLower(_sha256.GetHashAndReset());
                Md5 = Convert.ToHexStringLower(_md5.GetHashAndReset());
            }

            return;
        }

        Size += part.Length;
        if (Size > most)
        {
            throw new FileTooLargeException();
        }

        _sha1.AppendData(part);
        _sha256.AppendData(part);
        _md5.AppendData(part);
    }
}

/// <summary>There is more of it than is taken.</summary>
internal sealed class FileTooLargeException : Exception;

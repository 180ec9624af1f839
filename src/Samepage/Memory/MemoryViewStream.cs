namespace Samepage;

/// <summary>A view as a stream: fixed length, any position, no buffer of its own.</summary>
internal sealed class MemoryViewStream(MemoryView view) : Stream
{
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => view.Access.CanWrite();
    public override long Length => view.CommittedLength;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int count = Fitting(buffer.Length);
        if (count == 0)
            return 0;
        view.GetReadOnlySpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Fitting(buffer.Length) < buffer.Length)
            throw new IOException($"{buffer.Length:N0} bytes do not fit between position {_position:N0} and the end of the view at {Length:N0}. A section does not grow by being written to.");
        if (buffer.Length == 0)
            return;
        buffer.CopyTo(view.GetSpan(_position, buffer.Length));
        _position += buffer.Length;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            SeekOrigin.End => Length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "This is no origin."),
        };
        if (target < 0)
            throw new IOException("A position before the start of the view was asked for.");
        return _position = target;
    }

    public override void Flush()
    {
        if (view.Length > 0)
            view.Flush();
    }

    public override void SetLength(long value) =>
        throw new NotSupportedException("A section keeps the size that it was made with. Reserve a larger one and commit it as it grows.");

    private int Fitting(int wished) => (int)Math.Clamp(Length - _position, 0, wished);
}

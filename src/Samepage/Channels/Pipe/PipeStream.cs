using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>A connection as a stream. A read gives what is there and waits only when nothing is; a write returns when all of it is in the pipe.</summary>
/// <param name="connection">What it reads and writes.</param>
/// <param name="close">What disposing it does.</param>
internal sealed class PipeStream(PipeConnection connection, Action? close) : Stream
{
    private int _readTimeout = Timeout.Infinite;
    private int _writeTimeout = Timeout.Infinite;
    private bool _disposed;

    public override bool CanRead => !_disposed;

    public override bool CanWrite => !_disposed;

    public override bool CanSeek => false;

    public override bool CanTimeout => true;

    public override int ReadTimeout
    {
        get => _readTimeout;
        set => _readTimeout = Checked(value);
    }

    public override int WriteTimeout
    {
        get => _writeTimeout;
        set => _writeTimeout = Checked(value);
    }

    public override long Length => throw new NotSupportedException("A pipe has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A pipe has no positions.");
        set => throw new NotSupportedException("A pipe has no positions.");
    }

    public override int Read(Span<byte> buffer)
    {
        long begun = Stopwatch.GetTimestamp();
        int count;
        while (!TryRead(buffer, out count))
        {
            if (!connection.Wait(connection.Source.End, Left(_readTimeout, begun), CancellationToken.None))
                throw new TimeoutException($"Nothing came within {_readTimeout:N0} ms.");
        }
        return count;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int count;
        while (!TryRead(buffer.Span, out count))
            _ = await connection.WaitAsync(connection.Source.End, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return count;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        long begun = Stopwatch.GetTimestamp();
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (!buffer.IsEmpty)
        {
            int count = connection.Sink.TryWriteSome(buffer);
            buffer = buffer[count..];
            if (count == 0 && !connection.Wait(connection.Sink.End, Left(_writeTimeout, begun), CancellationToken.None))
                throw new TimeoutException($"There was no room within {_writeTimeout:N0} ms: {buffer.Length:N0} bytes were not written.");
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (!buffer.IsEmpty)
        {
            int count = connection.Sink.TryWriteSome(buffer.Span);
            buffer = buffer[count..];
            if (count == 0)
                _ = await connection.WaitAsync(connection.Sink.End, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
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

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>What was written is in the pipe already.</summary>
    public override void Flush() => ObjectDisposedException.ThrowIf(_disposed, this);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A pipe has no positions.");

    public override void SetLength(long value) => throw new NotSupportedException("A pipe has no length.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            close?.Invoke();
        }
        base.Dispose(disposing);
    }

    /// <summary>False: nothing is there yet. A read of no bytes waits for some, and takes none.</summary>
    private unsafe bool TryRead(Span<byte> buffer, out int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        count = 0;
        if (buffer.IsEmpty)
            return connection.Source.TryPeek(out _) is not null || connection.Source.IsOver;
        count = connection.Source.TryReadSome(buffer);
        return count > 0 || connection.Source.IsOver;
    }

    private static TimeSpan Left(int timeout, long begun) => Deadline.Left(
        timeout == Timeout.Infinite ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(timeout), begun);

    private static int Checked(int milliseconds) => milliseconds is > 0 or Timeout.Infinite
        ? milliseconds
        : throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds, "A timeout is more than 0 milliseconds, or Timeout.Infinite.");
}

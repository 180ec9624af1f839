using System.Diagnostics;

namespace Samepage.Channels;

/// <summary>A message that is read in place: a lease, until it is disposed or the next is taken.</summary>
public readonly struct PipeMessage : IDisposable, IEquatable<PipeMessage>
{
    private readonly PipeConnection _connection;
    private readonly nint _address;
    private readonly uint _lease;

    internal PipeMessage(PipeConnection connection, nint address, int length, uint lease)
    {
        _connection = connection;
        _address = address;
        Length = length;
        _lease = lease;
    }

    /// <summary>Its bytes, where they lie in shared memory. The span must not be used after the lease has ended.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public unsafe ReadOnlySpan<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_connection?.IsLeased(_lease) != true, typeof(PipeMessage));
            return new ReadOnlySpan<byte>((void*)_address, Length);
        }
    }

    /// <summary>In bytes.</summary>
    public int Length { get; }

    /// <summary>What its writer was doing, for an activity of who reads it to be a part of, or to link to; default when it said nothing.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public ActivityContext TraceContext => _connection?.ContextOf(_lease) ?? throw new ObjectDisposedException(nameof(PipeMessage));

    /// <summary>The message has been read, and may be overwritten.</summary>
    public void Dispose() => _connection?.EndLease(_lease);

    /// <summary>True for the same lease.</summary>
    public bool Equals(PipeMessage other) => _connection == other._connection && _lease == other._lease;

    /// <inheritdoc cref="Equals(PipeMessage)"/>
    public override bool Equals(object? obj) => obj is PipeMessage other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_connection, _lease);

    /// <summary>True for the same lease.</summary>
    public static bool operator ==(PipeMessage left, PipeMessage right) => left.Equals(right);

    /// <summary>False for the same lease.</summary>
    public static bool operator !=(PipeMessage left, PipeMessage right) => !left.Equals(right);
}

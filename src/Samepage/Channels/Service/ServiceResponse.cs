namespace Samepage.Channels;

/// <summary>What a server answered, in place in shared memory, until it is disposed; of a stream, until the next is asked for.</summary>
public readonly struct ServiceResponse : IDisposable, IEquatable<ServiceResponse>
{
    private readonly PendingCall _call;
    private readonly uint _generation;
    private readonly int _offset;

    internal ServiceResponse(PendingCall call, uint generation, int offset, int length)
    {
        _call = call;
        _generation = generation;
        _offset = offset;
        Length = length;
    }

    /// <summary>In bytes.</summary>
    public int Length { get; }

    /// <summary>Its bytes, where they lie in shared memory. The span must not be used after the response was disposed.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public ReadOnlySpan<byte> Span => _call is null ? default : _call.SpanOf(_generation, _offset, Length);

    /// <summary>It has been read: its place is free for the next call.</summary>
    public void Dispose() => _call?.EndResponse(_generation);

    /// <summary>True for the same response.</summary>
    public bool Equals(ServiceResponse other) => _call == other._call && _generation == other._generation && _offset == other._offset;

    /// <inheritdoc cref="Equals(ServiceResponse)"/>
    public override bool Equals(object? obj) => obj is ServiceResponse other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_call, _generation, _offset);

    /// <summary>True for the same response.</summary>
    public static bool operator ==(ServiceResponse left, ServiceResponse right) => left.Equals(right);

    /// <summary>False for the same response.</summary>
    public static bool operator !=(ServiceResponse left, ServiceResponse right) => !left.Equals(right);
}

using System.Diagnostics;

namespace Samepage.Channels;

/// <summary>A message that a receiver has, in place in shared memory.</summary>
/// <remarks>
/// One that was received (<see cref="QueueReceiver.TryReceive(out QueueMessage)"/>) is done with: it can be read until it is disposed, or the receiver takes the next. One that was leased
/// (<see cref="QueueReceiver.TryLease(out QueueMessage)"/>) is acknowledged, or returned: what is disposed without having been acknowledged is returned.
/// </remarks>
public readonly struct QueueMessage : IDisposable, IEquatable<QueueMessage>
{
    private readonly QueueReceiver _receiver;
    private readonly int _place;
    private readonly uint _generation;

    internal QueueMessage(QueueReceiver receiver, int place, uint generation, int length, int deliveries)
    {
        _receiver = receiver;
        _place = place;
        _generation = generation;
        Length = length;
        Deliveries = deliveries;
    }

    /// <summary>In bytes.</summary>
    public int Length { get; }

    /// <summary>How often it was given to somebody, this time included: more than 1 when one who had it died, or returned it.</summary>
    public int Deliveries { get; }

    /// <summary>Its bytes, where they lie in shared memory. The span must not be used after the message was disposed, acknowledged or returned.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public ReadOnlySpan<byte> Span => Receiver.SpanOf(_place, _generation);

    /// <summary>What its sender was doing, for an activity of who takes it to be a part of, or to link to; default when it said nothing.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed, acknowledged or returned.</exception>
    public ActivityContext TraceContext => Receiver.ContextOf(_place, _generation);

    /// <summary>It is done with, and will not be delivered again.</summary>
    /// <exception cref="InvalidOperationException">It was disposed, acknowledged or returned before, or the receiver was disposed.</exception>
    public void Acknowledge() => Receiver.Acknowledge(_place, _generation);

    /// <summary>It is delivered again, to whoever comes next, before those that were sent after it.</summary>
    /// <exception cref="InvalidOperationException">It was disposed, acknowledged or returned before, or it was received and not leased.</exception>
    public void Return() => Receiver.Return(_place, _generation);

    /// <summary>One that was received is done with; one that was leased, and not acknowledged, is returned.</summary>
    public void Dispose() => _receiver?.End(_place, _generation);

    private QueueReceiver Receiver => _receiver ?? throw new InvalidOperationException("This is no message: none was received.");

    /// <summary>True for the same delivery.</summary>
    public bool Equals(QueueMessage other) => _receiver == other._receiver && _place == other._place && _generation == other._generation;

    /// <inheritdoc cref="Equals(QueueMessage)"/>
    public override bool Equals(object? obj) => obj is QueueMessage other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_receiver, _place, _generation);

    /// <summary>True for the same delivery.</summary>
    public static bool operator ==(QueueMessage left, QueueMessage right) => left.Equals(right);

    /// <summary>False for the same delivery.</summary>
    public static bool operator !=(QueueMessage left, QueueMessage right) => !left.Equals(right);
}

using System.Diagnostics;

namespace Samepage.Channels;

/// <summary>A message that a subscriber reads in place: a lease, until it is disposed or the subscriber takes the next.</summary>
/// <remarks>Two words, to be passed and returned in registers; what it says it asks its subscriber, who has one lease at a time.</remarks>
public readonly struct TopicMessage : IDisposable, IEquatable<TopicMessage>
{
    private readonly TopicSubscriber _subscriber;
    private readonly ulong _lease;

    internal TopicMessage(TopicSubscriber subscriber, ulong lease)
    {
        _subscriber = subscriber;
        _lease = lease;
    }

    /// <summary>What the publisher called its kind; 0 when it said nothing.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public uint Kind => Holder.LeasedKind;

    /// <summary>Its bytes, where they lie in shared memory. The span must not be used after the lease has ended.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public ReadOnlySpan<byte> Span => Holder.LeasedSpan;

    /// <summary>In bytes.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public int Length => Holder.LeasedLength;

    /// <summary>What its publisher was doing, for an activity of who reads it to be a part of, or to link to; default when it said nothing.</summary>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public ActivityContext TraceContext => Holder.LeasedContext;

    private TopicSubscriber Holder
    {
        get
        {
            ObjectDisposedException.ThrowIf(_subscriber is null || !_subscriber.IsLeased(_lease), typeof(TopicMessage));
            return _subscriber;
        }
    }

    /// <summary>The message has been read, and may be overwritten.</summary>
    public void Dispose() => _subscriber?.EndLease(_lease);

    /// <summary>True for the same lease.</summary>
    public bool Equals(TopicMessage other) => _subscriber == other._subscriber && _lease == other._lease;

    /// <inheritdoc cref="Equals(TopicMessage)"/>
    public override bool Equals(object? obj) => obj is TopicMessage other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_subscriber, _lease);

    /// <summary>True for the same lease.</summary>
    public static bool operator ==(TopicMessage left, TopicMessage right) => left.Equals(right);

    /// <summary>False for the same lease.</summary>
    public static bool operator !=(TopicMessage left, TopicMessage right) => !left.Equals(right);
}

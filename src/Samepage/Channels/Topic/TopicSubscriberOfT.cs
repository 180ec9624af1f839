using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samepage.Channels;

/// <summary>One who reads structs from a topic: as <see cref="TopicSubscriber"/>, with copies of the messages.</summary>
/// <typeparam name="T">What the messages are.</typeparam>
/// <remarks>As of <see cref="TopicSubscriber"/>.</remarks>
public sealed class TopicSubscriber<T> : IDisposable
    where T : unmanaged
{
    private readonly TopicSubscriber _subscriber;
    private readonly string _topic;

    internal TopicSubscriber(TopicSubscriber subscriber, string topic)
    {
        _subscriber = subscriber;
        _topic = topic;
    }

    /// <inheritdoc cref="TopicSubscriber.Readable"/>
    public SharedWaitable Readable => _subscriber.Readable;

    /// <inheritdoc cref="TopicSubscriber.Missed"/>
    public long Missed => _subscriber.Missed;

    /// <inheritdoc cref="TopicSubscriber.Lag"/>
    public long Lag => _subscriber.Lag;

    /// <summary>Takes the next message.</summary>
    /// <param name="message">A copy of it.</param>
    /// <param name="kind">What its publisher called its kind.</param>
    /// <returns>False: there is none now.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: it is not as long as it must be, or somebody wrote into the topic's memory.</exception>
    public bool TryRead(out T message, out uint kind)
    {
        if (!_subscriber.TryRead(out TopicMessage lease))
        {
            (message, kind) = (default, 0);
            return false;
        }
        using (lease)
        {
            if (lease.Length != Unsafe.SizeOf<T>())
                throw ChannelErrors.Corrupt(_topic, $"a message of {lease.Length:N0} bytes was published, and all have {Unsafe.SizeOf<T>():N0}");
            message = MemoryMarshal.Read<T>(lease.Span);
            kind = lease.Kind;
        }
        return true;
    }

    /// <inheritdoc cref="TryRead(out T, out uint)"/>
    public bool TryRead(out T message) => TryRead(out message, out _);

    /// <inheritdoc cref="TopicSubscriber.Read(CancellationToken)"/>
    public T Read(CancellationToken cancellationToken = default)
    {
        T message;
        while (!TryRead(out message))
            _ = _subscriber.WaitToRead(Timeout.InfiniteTimeSpan, cancellationToken);
        return message;
    }

    /// <inheritdoc cref="TopicSubscriber.ReadAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> ReadAsync(CancellationToken cancellationToken = default)
    {
        T message;
        while (!TryRead(out message))
            _ = await _subscriber.WaitToReadAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return message;
    }

    /// <summary>All messages, as they come.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
            yield return await ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="TopicSubscriber.WaitToRead(TimeSpan, CancellationToken)"/>
    public bool WaitToRead(TimeSpan timeout, CancellationToken cancellationToken = default) => _subscriber.WaitToRead(timeout, cancellationToken);

    /// <inheritdoc cref="TopicSubscriber.WaitToReadAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<bool> WaitToReadAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _subscriber.WaitToReadAsync(timeout, cancellationToken);

    /// <inheritdoc cref="TopicSubscriber.Dispose"/>
    public void Dispose() => _subscriber.Dispose();
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samepage.Channels;

/// <summary>One who writes structs to a topic: as <see cref="TopicPublisher"/>.</summary>
/// <typeparam name="T">What the messages are.</typeparam>
/// <remarks>As of <see cref="TopicPublisher"/>.</remarks>
public sealed class TopicPublisher<T> : IDisposable
    where T : unmanaged
{
    private readonly TopicPublisher _publisher;

    internal TopicPublisher(TopicPublisher publisher) => _publisher = publisher;

    /// <inheritdoc cref="TopicPublisher.Dropped"/>
    public long Dropped => _publisher.Dropped;

    /// <inheritdoc cref="TopicPublisher.Writable"/>
    public SharedWaitable Writable => _publisher.Writable;

    /// <inheritdoc cref="TopicPublisher.TryPublish(ReadOnlySpan{byte}, uint)"/>
    public bool TryPublish(in T message, uint kind = 0) => _publisher.TryPublish(BytesOf(in message), kind);

    /// <inheritdoc cref="TopicPublisher.Publish(ReadOnlySpan{byte}, uint, CancellationToken)"/>
    public bool Publish(in T message, uint kind = 0, CancellationToken cancellationToken = default) =>
        _publisher.Publish(BytesOf(in message), kind, cancellationToken);

    /// <inheritdoc cref="TopicPublisher.PublishAsync(ReadOnlyMemory{byte}, uint, CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> PublishAsync(T message, uint kind = 0, CancellationToken cancellationToken = default)
    {
        while (!TryPublish(in message, kind))
        {
            if (!_publisher.Waits)
                return false;
            _ = await _publisher.WaitToPublishAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    /// <inheritdoc cref="TopicPublisher.WaitToPublish(TimeSpan, CancellationToken)"/>
    public bool WaitToPublish(TimeSpan timeout, CancellationToken cancellationToken = default) => _publisher.WaitToPublish(timeout, cancellationToken);

    /// <inheritdoc cref="TopicPublisher.WaitToPublishAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<bool> WaitToPublishAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _publisher.WaitToPublishAsync(timeout, cancellationToken);

    /// <inheritdoc cref="TopicPublisher.BeginBatch"/>
    public TopicPublisher.Batch BeginBatch() => _publisher.BeginBatch();

    /// <inheritdoc cref="TopicPublisher.Dispose"/>
    public void Dispose() => _publisher.Dispose();

    private static ReadOnlySpan<byte> BytesOf(in T message) => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in message));
}

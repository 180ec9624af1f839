using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samepage.Channels;

/// <summary>One who sends structs to a queue: as <see cref="QueueSender"/>.</summary>
/// <typeparam name="T">What the messages are.</typeparam>
/// <remarks>As of <see cref="QueueSender"/>.</remarks>
public sealed class QueueSender<T> : IDisposable
    where T : unmanaged
{
    private readonly QueueSender _sender;

    internal QueueSender(QueueSender sender) => _sender = sender;

    /// <inheritdoc cref="QueueSender.Dropped"/>
    public long Dropped => _sender.Dropped;

    /// <inheritdoc cref="QueueSender.Writable"/>
    public SharedWaitable Writable => _sender.Writable;

    /// <inheritdoc cref="QueueSender.TrySend(ReadOnlySpan{byte}, int)"/>
    public bool TrySend(in T message, int priority = 0) => _sender.TrySend(BytesOf(in message), priority);

    /// <inheritdoc cref="QueueSender.Send(ReadOnlySpan{byte}, int, CancellationToken)"/>
    public bool Send(in T message, int priority = 0, CancellationToken cancellationToken = default) =>
        _sender.Send(BytesOf(in message), priority, cancellationToken);

    /// <inheritdoc cref="QueueSender.Send(ReadOnlySpan{byte}, int, TimeSpan, CancellationToken)"/>
    public bool Send(in T message, int priority, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _sender.Send(BytesOf(in message), priority, timeout, cancellationToken);

    /// <inheritdoc cref="QueueSender.SendAsync(ReadOnlyMemory{byte}, int, CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendAsync(T message, int priority = 0, CancellationToken cancellationToken = default)
    {
        while (!TrySend(in message, priority))
        {
            if (!_sender.Waits)
                return false;
            _ = await _sender.WaitToSendAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    /// <inheritdoc cref="QueueSender.WaitToSend(TimeSpan, CancellationToken)"/>
    public bool WaitToSend(TimeSpan timeout, CancellationToken cancellationToken = default) => _sender.WaitToSend(timeout, cancellationToken);

    /// <inheritdoc cref="QueueSender.WaitToSendAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<bool> WaitToSendAsync(TimeSpan timeout, CancellationToken cancellationToken = default) => _sender.WaitToSendAsync(timeout, cancellationToken);

    /// <inheritdoc cref="QueueSender.Dispose"/>
    public void Dispose() => _sender.Dispose();

    private static ReadOnlySpan<byte> BytesOf(in T message) => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in message));
}

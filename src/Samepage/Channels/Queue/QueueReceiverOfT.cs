using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samepage.Channels;

/// <summary>One who receives structs from a queue: as <see cref="QueueReceiver"/>, with copies of the messages.</summary>
/// <typeparam name="T">What the messages are.</typeparam>
/// <remarks>As of <see cref="QueueReceiver"/>.</remarks>
public sealed class QueueReceiver<T> : IDisposable
    where T : unmanaged
{
    private readonly QueueReceiver _receiver;
    private readonly string _queue;

    internal QueueReceiver(QueueReceiver receiver, string queue)
    {
        _receiver = receiver;
        _queue = queue;
    }

    /// <inheritdoc cref="QueueReceiver.Readable"/>
    public SharedWaitable Readable => _receiver.Readable;

    /// <summary>Takes the next message and is done with it.</summary>
    /// <param name="message">A copy of it.</param>
    /// <returns>False: there is none now.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: it is not as long as it must be, or somebody wrote into the queue's memory.</exception>
    public bool TryReceive(out T message)
    {
        if (!_receiver.TryReceive(out QueueMessage received))
        {
            message = default;
            return false;
        }
        using (received)
            message = ValueOf(received);
        return true;
    }

    /// <summary>Waits for the next message, takes it and is done with it.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="message">A copy of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool TryReceive(TimeSpan timeout, out T message, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout);
        while (!TryReceive(out message))
        {
            if (!WaitToReceive(time.Left, cancellationToken))
                return false;
        }
        return true;
    }

    /// <summary>Takes the next message, to be acknowledged or returned.</summary>
    /// <param name="lease">By which it is.</param>
    /// <param name="message">A copy of it.</param>
    /// <returns>False: there is none now.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: it is not as long as it must be, or somebody wrote into the queue's memory.</exception>
    public bool TryLease(out QueueMessage lease, out T message)
    {
        bool found = _receiver.TryLease(out lease);
        message = found ? ValueOf(lease) : default;
        return found;
    }

    /// <inheritdoc cref="QueueReceiver.Receive(CancellationToken)"/>
    public T Receive(CancellationToken cancellationToken = default)
    {
        _ = TryReceive(Timeout.InfiniteTimeSpan, out T message, cancellationToken);
        return message;
    }

    /// <inheritdoc cref="QueueReceiver.ReceiveAsync(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        T message;
        while (!TryReceive(out message))
            _ = await WaitToReceiveAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return message;
    }

    /// <summary>Receives all messages, as they come.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<T> ReceiveAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
            yield return await ReceiveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="QueueReceiver.WaitToReceive(TimeSpan, CancellationToken)"/>
    public bool WaitToReceive(TimeSpan timeout, CancellationToken cancellationToken = default) => _receiver.WaitToReceive(timeout, cancellationToken);

    /// <inheritdoc cref="QueueReceiver.WaitToReceiveAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<bool> WaitToReceiveAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _receiver.WaitToReceiveAsync(timeout, cancellationToken);

    /// <inheritdoc cref="QueueReceiver.Dispose"/>
    public void Dispose() => _receiver.Dispose();

    private T ValueOf(in QueueMessage message) => message.Length == Unsafe.SizeOf<T>()
        ? MemoryMarshal.Read<T>(message.Span)
        : throw ChannelErrors.Corrupt(_queue, $"a message of {message.Length:N0} bytes was sent, and all have {Unsafe.SizeOf<T>():N0}");
}

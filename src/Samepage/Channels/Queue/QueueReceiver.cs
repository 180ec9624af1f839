using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>One who receives from a queue: each message goes to one of those who do.</summary>
/// <remarks>
/// <para>
/// Receiving is done with a message as it takes it: at most once, whatever happens then. Leasing is done with it when it is acknowledged: at least once; what was
/// leased by one who died, left, or returned it is delivered again, to whoever comes next.
/// </para>
/// <para>For one thread at a time; <see cref="Readable"/> may be waited for by any. Nothing is allocated for a message.</para>
/// </remarks>
public sealed class QueueReceiver : IDisposable
{
    /// <summary>Where the message lies that was received, and not leased.</summary>
    private const int Received = -1;

    /// <summary>So many messages of one sender are taken before it is the next one's turn.</summary>
    private const int Burst = 32;

    private readonly QueueCore _core;
    private readonly ChannelCore _channel;
    private readonly Ear _end;
    private readonly int _reader;
    private readonly int _priorities;
    private readonly int[] _current;
    private readonly QueueLeases _leases = new();
    private QueueLease _received;
    private uint _receivedGeneration;
    private bool _hasReceived;
    private int _burst;
    private long _messages;
    private long _bytes;
    private bool _disposed;

    internal QueueReceiver(QueueCore core, WaitStrategy strategy)
    {
        _core = core;
        _channel = core.Channel;
        _priorities = core.Mode.Priorities;
        _current = new int[_priorities];
        _reader = _channel.TakeReader();
        try
        {
            _end = new Ear(this, strategy);
        }
        catch
        {
            _channel.LeaveReader(_reader);
            throw;
        }
        _channel.Add(_end);
        // Whoever sleeps watches this process from now on.
        _channel.Writers.WakeCarefully();
        _channel.Readers.WakeCarefully();
    }

    /// <summary>
    /// Signalled when there may be a message; to be waited for beside other things (W34). Waiting takes nothing: another receiver may be faster.
    /// </summary>
    public SharedWaitable Readable => _end.Signal;

    /// <summary>Takes the next message and is done with it. The message received before cannot be read any more.</summary>
    /// <param name="message">The message, in place, until it is disposed or the next one is received.</param>
    /// <returns>False: there is none now.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the queue's memory.</exception>
    public bool TryReceive(out QueueMessage message)
    {
        EndReceived();
        if (!TryTake(once: true, out _received))
        {
            message = default;
            return false;
        }
        _hasReceived = true;
        message = MessageOf(_received, Received, ++_receivedGeneration);
        return true;
    }

    /// <summary>Waits for the next message, takes it and is done with it.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="message">The message, in place, until it is disposed or the next one is received.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool TryReceive(TimeSpan timeout, out QueueMessage message, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout);
        while (!TryReceive(out message))
        {
            if (!WaitToReceive(time.Left, cancellationToken))
                return false;
        }
        return true;
    }

    /// <summary>Waits for the next message, takes it and is done with it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public QueueMessage Receive(CancellationToken cancellationToken = default)
    {
        _ = TryReceive(Timeout.InfiniteTimeSpan, out QueueMessage message, cancellationToken);
        return message;
    }

    /// <summary>As <see cref="Receive(CancellationToken)"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Receive(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<QueueMessage> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        QueueMessage message;
        while (!TryReceive(out message))
            _ = await WaitToReceiveAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return message;
    }

    /// <summary>Receives all messages, as they come; each can be read until the next is asked for.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<QueueMessage> ReceiveAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
            yield return await ReceiveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes the next message, to be acknowledged. There may be many leases at a time. A message received before cannot be read any more.</summary>
    /// <param name="message">The message, in place, until it is acknowledged, returned or disposed.</param>
    /// <returns>False: there is none now.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the queue's memory.</exception>
    public bool TryLease(out QueueMessage message)
    {
        EndReceived();
        if (!TryTake(once: false, out QueueLease lease))
        {
            message = default;
            return false;
        }
        (int place, uint generation) = _leases.Add(lease);
        message = MessageOf(lease, place, generation);
        return true;
    }

    /// <summary>Waits for the next message and takes it, to be acknowledged.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="message">The message, in place, until it is acknowledged, returned or disposed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool TryLease(TimeSpan timeout, out QueueMessage message, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout);
        while (!TryLease(out message))
        {
            if (!WaitToReceive(time.Left, cancellationToken))
                return false;
        }
        return true;
    }

    /// <summary>Waits for the next message, without a thread that waits, and takes it, to be acknowledged.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<QueueMessage> LeaseAsync(CancellationToken cancellationToken = default)
    {
        QueueMessage message;
        while (!TryLease(out message))
            _ = await WaitToReceiveAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return message;
    }

    /// <summary>Waits until there may be a message.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool WaitToReceive(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="WaitToReceive"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitToReceive"/>
    public ValueTask<bool> WaitToReceiveAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.WaitAsync(timeout, cancellationToken);
    }

    /// <summary>Receives no more. What it has leased is returned.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        Damage.PassOver(EndReceived);
        for (int place = 0; place < _leases.Count; place++)
        {
            if (_leases.TryRemove(place, out QueueLease lease))
                Damage.PassOver(() => End(lease));
        }
        _disposed = true;
        _end.Dispose();
        _channel.LeaveReader(_reader);
        _channel.Remove(_end);
    }

    internal unsafe ReadOnlySpan<byte> SpanOf(int place, uint generation)
    {
        bool found = TryGet(place, generation, out QueueLease lease);
        ObjectDisposedException.ThrowIf(!found, typeof(QueueMessage));
        return new ReadOnlySpan<byte>(lease.Lane.MessageAt(lease.Position), lease.Length);
    }

    internal ActivityContext ContextOf(int place, uint generation)
    {
        bool found = TryGet(place, generation, out QueueLease lease);
        ObjectDisposedException.ThrowIf(!found, typeof(QueueMessage));
        return lease.Lane.TraceOf(lease);
    }

    internal void Acknowledge(int place, uint generation)
    {
        if (!TryGet(place, generation, out QueueLease lease))
            throw Ended();
        Forget(place, generation);
        _core.Finish(lease);
    }

    internal void Return(int place, uint generation)
    {
        if (!TryGet(place, generation, out QueueLease lease))
            throw Ended();
        if (place == Received)
            throw new InvalidOperationException("The message was received, and so is done with. Lease what may have to be returned.");
        Forget(place, generation);
        End(lease);
    }

    internal void End(int place, uint generation)
    {
        if (!TryGet(place, generation, out QueueLease lease))
            return;
        Forget(place, generation);
        End(lease);
    }

    private bool TryGet(int place, uint generation, out QueueLease lease)
    {
        lease = _received;
        return !_disposed && (place == Received ? _hasReceived && generation == _receivedGeneration : _leases.TryGet(place, generation, out lease));
    }

    private void Forget(int place, uint generation)
    {
        if (place == Received)
            _hasReceived = false;
        else
            _ = _leases.TryRemove(place, generation, out _);
    }

    private void End(in QueueLease lease)
    {
        if (QueueRecord.IsOnce(lease.State))
        {
            _core.Finish(lease);
            return;
        }
        using (_core.Turn.Take())
            lease.Lane.Return(lease.Position, lease.State);
        _channel.Readers.WakeCarefully();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EndReceived()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_hasReceived)
            return;
        _hasReceived = false;
        _core.Finish(_received);
    }

    private bool TryTake(bool once, out QueueLease lease)
    {
        lease = default;
        if (!_core.MayHaveMessage() || !TryTake(QueueRecord.TakenBy(_reader, once), out lease))
            return false;
        _messages++;
        _bytes += lease.Length;
        _end.Found();
        return true;
    }

    private QueueMessage MessageOf(in QueueLease lease, int place, uint generation) =>
        new(this, place, generation, lease.Length, QueueRecord.DeliveriesOf(lease.State));

    private bool TryTake(uint taken, out QueueLease lease)
    {
        using (_core.Turn.Take())
        {
            int used = _core.LanesUsed;
            for (int priority = _priorities; --priority >= 0;)
            {
                if (TryTake(priority, (used - priority + _priorities - 1) / _priorities, taken, out lease))
                    return true;
            }
        }
        lease = default;
        return false;
    }

    private bool TryTake(int priority, int senders, uint taken, out QueueLease lease)
    {
        ref int current = ref _current[priority];
        if (_burst++ >= Burst)
        {
            _burst = 0;
            current++;
        }
        for (int i = 0; i < senders; i++, current++)
        {
            if (current >= senders)
                current = 0;
            if (_core.LaneAt(current * _priorities + priority).TryTake(taken, out lease))
                return true;
        }
        lease = default;
        return false;
    }

    private static InvalidOperationException Ended() =>
        new("The message was disposed, acknowledged or returned before, or it was received and the next one was received after it.");

    private sealed class Ear(QueueReceiver receiver, WaitStrategy strategy)
        : ChannelEnd(receiver._channel.Readers, receiver._reader, strategy)
    {
        public override bool IsReady => receiver._disposed || receiver._core.MayHaveMessage();

        public override long? Lag => receiver._core.Waiting();

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            counts.Received += receiver._messages;
            counts.ReceivedBytes += receiver._bytes;
        }

        protected override void BeforeSleep()
        {
            // A sender may die before it has told of a message, a receiver before it has told of one that it returned; and what a dead one had is there again.
            receiver._channel.WatchWriters();
            receiver._channel.WatchReaders();
        }
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>One who sends to a queue. Of one priority, its messages are taken in the order in which it sent them.</summary>
/// <remarks>
/// For one thread at a time; <see cref="Writable"/> may be waited for by any. What it sent stays when it is disposed or its process dies; a message that it had not
/// finished was never there. Nothing is allocated for a message.
/// </remarks>
public sealed class QueueSender : IDisposable
{
    private readonly QueueCore _core;
    private readonly ChannelCore _channel;
    private readonly Sleepers _receivers;
    private readonly QueueWay?[] _ways;
    private readonly int _firstLane;
    private readonly QueueFullMode _full;
    private readonly End _end;
    private QueueWay? _wantedFrom;
    private int _wanted;
    private QueueWay? _lentFrom;
    private uint _loan;
    private long _messages;
    private long _bytes;
    private bool _disposed;

    internal QueueSender(QueueCore core, WaitStrategy strategy)
    {
        _core = core;
        _channel = core.Channel;
        _receivers = _channel.Readers;
        _full = core.Mode.Full;
        _ways = new QueueWay?[core.Mode.Priorities];
        LongestMessage = Math.Min((int)Math.Min(_channel.Memory.Shape.Capacity / 2, int.MaxValue) - 2 * RecordHeader.Length, RecordHeader.LongestPayload) - QueueRecord.Length;
        _firstLane = _channel.TakeLane(0, _ways.Length);
        try
        {
            _end = new End(this, strategy);
            _ways[0] = new QueueWay(core, _firstLane);
        }
        catch
        {
            _channel.Memory.LaneAt(_firstLane).Leave();
            throw;
        }
        _channel.Add(_end);
        // Whoever sleeps watches this process from now on.
        _receivers.WakeCarefully();
    }

    /// <summary>In bytes: half of what the queue was made for, less a little.</summary>
    public int LongestMessage { get; }

    /// <summary>How many messages were dropped because there was no room: its own oldest, or new ones, as the queue was made.</summary>
    public long Dropped { get; private set; }

    /// <summary>
    /// Signalled when there is room for a message as long, and as urgent, as the last one that found none; to be waited for beside other things (W34). Waiting takes
    /// nothing.
    /// </summary>
    public SharedWaitable Writable => _end.Signal;

    internal bool Waits => _full == QueueFullMode.Wait;

    /// <summary>Sends a copy of a message, if there is room.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="priority">From 0, the lowest, to one less than the queue has.</param>
    /// <returns>False: there was no room. It was dropped, unless the queue waits.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="LongestMessage"/>, or there is no such priority.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: there is no memory for it.</exception>
    public unsafe bool TrySend(ReadOnlySpan<byte> message, int priority = 0)
    {
        QueueWay way = WayOf(priority, message.Length);
        byte* room = Room(way, Tracing.IsOn ? WithTrace(message.Length) : message.Length);
        if (room is null)
        {
            if (!Waits)
                Dropped++;
            return false;
        }
        message.CopyTo(new Span<byte>(room + QueueRecord.Length, message.Length));
        Commit(way, room, message.Length);
        return true;
    }

    /// <summary>Sends a copy of a message; where the queue waits, as soon as there is room.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="priority">From 0, the lowest, to one less than the queue has.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing was sent.</param>
    /// <returns>False: it was dropped, which a queue that waits never does.</returns>
    /// <inheritdoc cref="TrySend(ReadOnlySpan{byte}, int)"/>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Send(ReadOnlySpan<byte> message, int priority = 0, CancellationToken cancellationToken = default) =>
        Send(message, priority, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Sends a copy of a message; where the queue waits, as soon as there is room, until the time has run out.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="priority">From 0, the lowest, to one less than the queue has.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing was sent.</param>
    /// <returns>False: the time has run out, or it was dropped; nothing was sent.</returns>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, int, CancellationToken)"/>
    public bool Send(ReadOnlySpan<byte> message, int priority, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout);
        while (!TrySend(message, priority))
        {
            if (!Waits || !WaitToSend(time.Left, cancellationToken))
                return false;
        }
        return true;
    }

    /// <summary>As <see cref="Send(ReadOnlySpan{byte}, int, CancellationToken)"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, int, CancellationToken)"/>
    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, int priority = 0, CancellationToken cancellationToken = default) =>
        SendAsync(message, priority, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>As <see cref="Send(ReadOnlySpan{byte}, int, TimeSpan, CancellationToken)"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, int, TimeSpan, CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, int priority, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout);
        while (!TrySend(message.Span, priority))
        {
            if (!Waits || !await WaitToSendAsync(time.Left, cancellationToken).ConfigureAwait(false))
                return false;
        }
        return true;
    }

    /// <summary>Lends room for a message, to be written in place. There is one loan at a time: the next one, and anything that is sent, ends it.</summary>
    /// <param name="length">Bytes that will be needed at most.</param>
    /// <param name="loan">The room.</param>
    /// <param name="priority">From 0, the lowest, to one less than the queue has.</param>
    /// <returns>False: there is no room now; nothing new was dropped.</returns>
    /// <inheritdoc cref="TrySend(ReadOnlySpan{byte}, int)"/>
    public unsafe bool TryLoan(int length, out QueueLoan loan, int priority = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        QueueWay way = WayOf(priority, length);
        byte* room = Room(way, Tracing.IsOn ? WithTrace(length) : length);
        if (room is null)
        {
            loan = default;
            return false;
        }
        _lentFrom = way;
        loan = new QueueLoan(this, new Span<byte>(room + QueueRecord.Length, length), ++_loan);
        return true;
    }

    /// <summary>Waits until there is room for a message as long, and as urgent, as the last one that found none.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool WaitToSend(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="WaitToSend"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitToSend"/>
    public ValueTask<bool> WaitToSendAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.WaitAsync(timeout, cancellationToken);
    }

    /// <summary>Leaves the queue. What was sent stays.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _end.Dispose();
        _channel.Writers.Forget(_firstLane);
        foreach (QueueWay? way in _ways)
        {
            if (way is not null)
                _channel.Memory.LaneAt(way.Number).Leave();
        }
        _channel.Remove(_end);
    }

    /// <summary>To be called before each wait: ends it when what the message is for is gone.</summary>
    internal Func<bool>? IsOver { get; init; }

    internal void Nudge() => _end.Nudge();

    internal unsafe void SendLoan(uint loan, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_loan != loan || _lentFrom is not { } way)
            throw new InvalidOperationException("The loan has ended: it was sent or given back, or something else was sent meanwhile.");
        Commit(way, way.Writer.TryReserve(length + QueueRecord.Length), length);
    }

    internal void EndLoan(uint loan)
    {
        if (_loan == loan)
            _lentFrom = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private QueueWay WayOf(int priority, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (length > LongestMessage)
            ThrowTooLong(length);
        _lentFrom = null;
        return (uint)priority < (uint)_ways.Length && _ways[priority] is { } way ? way : MakeWay(priority);
    }

    /// <summary>Null: there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe byte* Room(QueueWay way, int length)
    {
        byte* room = way.Writer.TryReserve(length + QueueRecord.Length);
        return room is null ? MakeRoom(way, length) : room;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe byte* MakeRoom(QueueWay way, int length)
    {
        while (_full == QueueFullMode.DropOldest && TryDrop(way))
        {
            Dropped++;
            byte* room = way.Writer.TryReserve(length + QueueRecord.Length);
            if (room is not null)
                return room;
        }
        _wantedFrom = way;
        _wanted = length;
        return null;
    }

    private bool TryDrop(QueueWay way)
    {
        using (_core.Turn.Take())
            return way.Lane.TryDrop();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void Commit(QueueWay way, byte* room, int length)
    {
        _lentFrom = null;
        // It waits, and was never delivered.
        // NO-POINT: the record's header publishes that with it.
        SharedAtomics.Store((ulong*)room, 0);
        if (Tracing.IsOn)
            CommitTraced(way, length);
        else
            way.Writer.Commit(length + QueueRecord.Length, kind: 0);
        _messages++;
        _bytes += length;
        _receivers.Wake();
        _end.Found();
    }

    /// <summary>While somebody listens: what this is a part of goes along.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe void CommitTraced(QueueWay way, int length)
    {
        int traced = WithTrace(length);
        if (Tracing.TryGetContext(out ActivityContext context) && traced != length && way.Writer.TryReserve(traced + QueueRecord.Length) is not null)
            way.Writer.Commit(length + QueueRecord.Length, kind: 0, context);
        else
            way.Writer.Commit(length + QueueRecord.Length, kind: 0);
    }

    /// <summary>The length of the longest messages leaves no room for it: they go without.</summary>
    private int WithTrace(int length) => length <= LongestMessage - TraceBlock.Length ? length + TraceBlock.Length : length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private QueueWay MakeWay(int priority)
    {
        if (priority < 0 || priority >= _ways.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(priority), priority,
                $"Queue \"{_channel.Name}\" has priorities from 0 to {_ways.Length - 1}.");
        }
        int lane = _channel.TakeLane(priority, _ways.Length);
        try
        {
            _ways[priority] = new QueueWay(_core, lane);
        }
        catch
        {
            _channel.Memory.LaneAt(lane).Leave();
            throw;
        }
        _receivers.WakeCarefully();
        return _ways[priority]!;
    }

    private void ThrowTooLong(int length) => throw new ArgumentException(
        $"A message of {length:N0} bytes does not fit into queue \"{_channel.Name}\", which takes {LongestMessage:N0} at most: half of its capacity. Make it with a larger one.");

    /// <summary>The lane for one priority.</summary>
    private sealed class QueueWay
    {
        public QueueWay(QueueCore core, int lane)
        {
            ChannelMemory memory = core.Channel.Memory;
            Number = lane;
            Lane = core.LaneAt(lane);
            Writer = new LaneWriter(memory.RingAt(lane), memory.LaneAt(lane), new QueueRoom(core, lane), core.Channel.Name);
            memory.Use(lane);
        }

        public int Number { get; }

        public QueueLane Lane { get; }

        public LaneWriter Writer { get; }
    }

    private sealed class End(QueueSender sender, WaitStrategy strategy)
        : ChannelEnd(sender._channel.Writers, sender._firstLane, strategy)
    {
        public override bool IsReady => sender._disposed || sender.IsOver?.Invoke() == true
            || sender._wantedFrom is not { } way || way.Writer.HasRoom(sender._wanted + QueueRecord.Length);

        protected override SharedObjectKind? Writes => SharedObjectKind.Queue;

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            counts.Sent += sender._messages;
            counts.SentBytes += sender._bytes;
        }

        protected override void BeforeSleep() => sender._channel.WatchReaders();
    }
}

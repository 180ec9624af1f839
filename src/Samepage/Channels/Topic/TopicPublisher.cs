using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>One who writes to a topic. Subscribers see its messages in the order in which it published them.</summary>
/// <remarks>
/// For one thread at a time; <see cref="Writable"/> may be waited for by any. What it published stays for those who subscribe when it is disposed or its process
/// dies; a message that it had not finished was never there. Nothing is allocated for a message.
/// </remarks>
public sealed class TopicPublisher : IDisposable
{
    private readonly ChannelCore _core;
    private readonly Sleepers _readers;
    private readonly LaneWriter _writer;
    private readonly End _end;
    private readonly int _lane;
    private readonly bool _waits;
    private readonly long _begun;
    private long _bytes;
    private int _wanted;
    private bool _hasWanted;

    /// <summary>The last loan: the number of the message that it may become, and how long it is. It has ended when that message's number is another.</summary>
    private ulong _lent;

    /// <summary>How many loans ended without becoming a message: by as many its numbers are ahead of the lane's.</summary>
    private uint _given;
    private bool _batching;
    private bool _disposed;

    internal TopicPublisher(ChannelCore core, WaitStrategy strategy)
    {
        _core = core;
        _readers = core.Readers;
        _waits = (TopicFullMode)core.Memory.Shape.Mode == TopicFullMode.Wait;
        ChannelEnd.Check(strategy);
        core.Enter();
        try
        {
            (_lane, _writer) = Begin(core);
            _begun = _writer.Number;
            try
            {
                _end = new End(this, strategy);
                core.Memory.Use(_lane);
                core.Add(_end);
            }
            catch
            {
                core.Memory.LaneAt(_lane).Leave();
                throw;
            }
        }
        finally
        {
            core.Release();
        }
        // Whoever sleeps watches this process from now on.
        _readers.WakeCarefully();
    }

    /// <summary>In the first lane that is free, and not damaged.</summary>
    private static (int, LaneWriter) Begin(ChannelCore core)
    {
        for (int from = 0; ; from++)
        {
            int lane = core.TakeLane(from);
            try
            {
                return (lane, new LaneWriter(core.Memory.RingAt(lane), core.Memory.LaneAt(lane), new TopicReaders(core, lane), core.Name));
            }
            catch (SharedObjectException damaged) when (damaged.Reason == FailureReason.Corrupt && lane + 1 < core.Memory.Shape.Lanes)
            {
                core.Memory.LaneAt(lane).Leave();
                from = lane;
            }
            catch
            {
                core.Memory.LaneAt(lane).Leave();
                throw;
            }
        }
    }

    /// <summary>In bytes: half of what the topic was made for, less a little.</summary>
    public int LongestMessage => _writer.LongestPayload;

    /// <summary>How many messages found no room and were dropped; 0 for ever unless the topic drops the newest, or a subscriber kept a lease of the oldest.</summary>
    public long Dropped { get; private set; }

    /// <summary>
    /// Signalled when there is room for a message as long as the last one that found none; to be waited for beside other things (W34). Waiting takes nothing.
    /// </summary>
    public SharedWaitable Writable => _end.Signal;

    internal bool Waits => _waits;

    /// <summary>Publishes a copy of a message, if there is room.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="kind">What subscribers may choose by.</param>
    /// <returns>False: there was no room. It was dropped, unless the topic waits.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="LongestMessage"/>.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: there is no memory for it.</exception>
    public unsafe bool TryPublish(ReadOnlySpan<byte> message, uint kind = 0)
    {
        if (Tracing.IsOn)
            return TryPublishTraced(message, kind);
        byte* room = Reserve(message.Length);
        if (room is null)
            return false;
        message.CopyTo(new Span<byte>(room, message.Length));
        Commit(message.Length, kind);
        return true;
    }

    /// <summary>Publishes a copy of a message; where the topic waits, as soon as there is room.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="kind">What subscribers may choose by.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing was published.</param>
    /// <returns>False: it was dropped, which a topic that waits never does.</returns>
    /// <inheritdoc cref="TryPublish(ReadOnlySpan{byte}, uint)"/>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Publish(ReadOnlySpan<byte> message, uint kind = 0, CancellationToken cancellationToken = default)
    {
        while (!TryPublish(message, kind))
        {
            if (!_waits)
                return false;
            _ = WaitToPublish(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        return true;
    }

    /// <summary>As <see cref="Publish"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Publish"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> PublishAsync(ReadOnlyMemory<byte> message, uint kind = 0, CancellationToken cancellationToken = default)
    {
        while (!TryPublish(message.Span, kind))
        {
            if (!_waits)
                return false;
            _ = await WaitToPublishAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>Lends room for a message, to be written in place. There is one loan at a time: the next one, and anything that is published, ends it.</summary>
    /// <param name="length">Bytes that will be needed at most.</param>
    /// <param name="loan">The room.</param>
    /// <returns>False: there is no room now; nothing was dropped.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="LongestMessage"/>.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.OutOfSpace"/>: there is no memory for it.</exception>
    public unsafe bool TryLoan(int length, out TopicLoan loan)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        byte* room = Room(Tracing.IsOn ? WithTrace(length) : length);
        if (room is null)
        {
            loan = default;
            return false;
        }
        _lent = (ulong)Loan << 32 | (uint)length;
        loan = new TopicLoan(this, _lent);
        return true;
    }

    /// <summary>Waits until there is room for a message as long as the last one that found none.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool WaitToPublish(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="WaitToPublish"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitToPublish"/>
    public ValueTask<bool> WaitToPublishAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.WaitAsync(timeout, cancellationToken);
    }

    /// <summary>
    /// What is published until the batch is disposed comes into view at once then, and subscribers are woken once; of a batch that fills much of the topic, a part
    /// comes into view earlier.
    /// </summary>
    /// <exception cref="InvalidOperationException">A batch has begun already.</exception>
    public Batch BeginBatch()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_batching)
            throw new InvalidOperationException("A batch has begun already. Dispose it first.");
        _batching = true;
        _writer.BeginBatch();
        return new Batch(this);
    }

    /// <summary>Leaves the topic. What was published stays.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        EndBatch();
        _disposed = true;
        GiveBack();
        _end.Dispose();
        _core.Writers.Forget(_lane);
        _core.Memory.LaneAt(_lane).Leave();
        _core.Remove(_end);
    }

    internal unsafe Span<byte> LentSpan(ulong loan)
    {
        CheckLoan(loan);
        return new Span<byte>(_writer.Room, (int)(uint)loan);
    }

    internal void PublishLoan(ulong loan, uint kind) => PublishLoan(loan, (int)(uint)loan, kind);

    internal void PublishLoan(ulong loan, int length, uint kind)
    {
        CheckLoan(loan);
        if (Tracing.IsOn)
            CommitTraced(length, kind);
        else
            Commit(length, kind);
    }

    internal void EndLoan(ulong loan)
    {
        if (_lent == loan)
            GiveBack();
    }

    private uint Loan => (uint)_writer.Number + _given;

    private bool IsLent => (uint)(_lent >> 32) == Loan;

    private void GiveBack()
    {
        if (IsLent)
            _given++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckLoan(ulong loan)
    {
        if (_lent != loan || !IsLent)
            ThrowLoanEnded();
    }

    private static void ThrowLoanEnded() =>
        throw new InvalidOperationException("The loan has ended: it was published or given back, or something else was published meanwhile.");

    private void EndBatch()
    {
        if (!_batching)
            return;
        _batching = false;
        _writer.EndBatch();
        _readers.Wake();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe byte* Reserve(int length)
    {
        byte* room = Room(length);
        if (room is null && !_waits)
            Dropped++;
        return room;
    }

    /// <summary>Null: there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe byte* Room(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (length > _writer.LongestPayload)
            ThrowTooLong(length);
        GiveBack();
        byte* room = _writer.TryReserve(length);
        if (room is null)
            Want(length);
        else if (_hasWanted)
            Got();
        return room;
    }

    private void Got()
    {
        _end.Found();
        _hasWanted = _end.IsCareful;
    }

    private void Want(int length)
    {
        _wanted = length;
        _hasWanted = true;
        // What a batch held back is in view now: room comes of its being read.
        if (_batching)
            _readers.Wake();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Commit(int length, uint kind)
    {
        _writer.Commit(length, kind);
        Committed(length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Committed(int length)
    {
        _bytes += length;
        if (!_batching)
            _readers.Wake();
    }

    /// <summary>While somebody listens: what this is a part of goes along.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe bool TryPublishTraced(ReadOnlySpan<byte> message, uint kind)
    {
        byte* room = Reserve(WithTrace(message.Length));
        if (room is null)
            return false;
        message.CopyTo(new Span<byte>(room, message.Length));
        CommitTraced(message.Length, kind);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe void CommitTraced(int length, uint kind)
    {
        if (Tracing.TryGetContext(out ActivityContext context) && WithTrace(length) != length && _writer.TryReserve(WithTrace(length)) is not null)
            _writer.Commit(length, kind, context);
        else
            _writer.Commit(length, kind);
        Committed(length);
    }

    /// <summary>The length of the longest messages leaves no room for it: they go without.</summary>
    private int WithTrace(int length) => length <= _writer.LongestPayload - TraceBlock.Length ? length + TraceBlock.Length : length;

    private void ThrowTooLong(int length) => throw new ArgumentException(
        $"A message of {length:N0} bytes does not fit into topic \"{_core.Name}\", which takes {LongestMessage:N0} at most: half of its capacity. Make it with a larger one.");

    /// <summary>Messages that come into view together: <see cref="BeginBatch"/>.</summary>
    public readonly ref struct Batch : IDisposable
    {
        private readonly TopicPublisher _publisher;

        internal Batch(TopicPublisher publisher) => _publisher = publisher;

        /// <summary>The messages are there.</summary>
        public void Dispose() => _publisher?.EndBatch();
    }

    private sealed class End(TopicPublisher publisher, WaitStrategy strategy)
        : ChannelEnd(publisher._core.Writers, publisher._lane, strategy)
    {
        public override bool IsReady => publisher._disposed || publisher._writer.HasRoom(publisher._wanted);

        protected override SharedObjectKind? Writes => SharedObjectKind.Topic;

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            counts.Sent += publisher._writer.Number - publisher._begun;
            counts.SentBytes += publisher._bytes;
        }

        protected override void BeforeSleep() => publisher._core.WatchReaders();
    }
}

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
    /// <summary>No loan is so long.</summary>
    private const ulong NoLoan = ulong.MaxValue;

    /// <summary>There is room behind it for what it is a part of.</summary>
    private const uint Traced = 0x8000_0000;

    private readonly ChannelCore _core;
    private readonly Sleepers _readers;
    private readonly LaneWriter _writer;
    private readonly End _end;
    private readonly int _lane;
    private readonly bool _waits;
    private readonly long _begun;
    private long _bytes;

    /// <summary>A message that ends here or before needs nothing but to be written. It lies less than the longest message ahead.</summary>
    private long _swiftUntil = long.MinValue;
    private int _wanted;
    private bool _hasWanted;

    /// <summary>The loan that has not ended: which it is, <see cref="Traced"/>, and how long it is.</summary>
    private ulong _lent = NoLoan;
    private uint _loans;
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
        if (!IsSwift(message.Length))
            return TryPublishSlowly(message, kind);
        message.CopyTo(new Span<byte>(_writer.Room, message.Length));
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
        ulong lent = IsSwift(length) ? (uint)length : LendSlowly(length);
        if (lent == NoLoan)
        {
            loan = default;
            return false;
        }
        lent |= (ulong)++_loans << 32;
        _lent = lent;
        loan = new TopicLoan(this, lent);
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
        _swiftUntil = long.MinValue;
        _lent = NoLoan;
        _end.Dispose();
        _core.Writers.Forget(_lane);
        _core.Memory.LaneAt(_lane).Leave();
        _core.Remove(_end);
    }

    internal unsafe Span<byte> LentSpan(ulong loan)
    {
        CheckLoan(loan);
        return new Span<byte>(_writer.Room, LengthOf(loan));
    }

    internal void PublishLoan(ulong loan, uint kind) => PublishLoan(loan, LengthOf(loan), kind);

    internal void PublishLoan(ulong loan, int length, uint kind)
    {
        CheckLoan(loan);
        if (((uint)loan & Traced) != 0)
            CommitTraced(length, kind);
        else
            Commit(length, kind);
    }

    internal void EndLoan(ulong loan)
    {
        if (_lent == loan)
            _lent = NoLoan;
    }

    private static int LengthOf(ulong loan) => (int)((uint)loan & ~Traced);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckLoan(ulong loan)
    {
        if (_lent != loan)
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

    /// <summary>There is room at hand for a message of this length, which may be anything, and nobody listens to where it comes from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsSwift(int length) => _writer.Head + RecordHeader.StrideOf((uint)length) <= _swiftUntil && !Tracing.IsOn;

    /// <summary>The length and <see cref="Traced"/>, or <see cref="NoLoan"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong LendSlowly(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        bool isTraced = Tracing.IsOn;
        if (!TryReserve(isTraced ? WithTrace(length) : length))
            return NoLoan;
        return (uint)length | (isTraced ? Traced : 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private unsafe bool TryPublishSlowly(ReadOnlySpan<byte> message, uint kind)
    {
        bool isTraced = Tracing.IsOn;
        if (!TryReserve(isTraced ? WithTrace(message.Length) : message.Length))
        {
            if (!_waits)
                Dropped++;
            return false;
        }
        message.CopyTo(new Span<byte>(_writer.Room, message.Length));
        if (isTraced)
            CommitTraced(message.Length, kind);
        else
            Commit(message.Length, kind);
        return true;
    }

    /// <summary>False: there is no room.</summary>
    private unsafe bool TryReserve(int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (length > _writer.LongestPayload)
            ThrowTooLong(length);
        _lent = NoLoan;
        bool hasRoom = _writer.TryReserve(length) is not null;
        if (!hasRoom)
            Want(length);
        else if (_hasWanted)
            Got();
        _swiftUntil = _hasWanted ? long.MinValue : _writer.Limit;
        return hasRoom;
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
        _lent = NoLoan;
        _bytes += length;
        if (!_batching)
            _readers.Wake();
    }

    /// <summary>While somebody listens: what this is a part of goes along.</summary>
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

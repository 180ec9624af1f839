using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>One who reads a topic: sees every message that is published while it subscribes, of each publisher in order.</summary>
/// <remarks>
/// For one thread at a time; <see cref="Readable"/> may be waited for by any. When its process dies it holds nobody up. Nothing is allocated for a message.
/// </remarks>
public sealed partial class TopicSubscriber : IDisposable
{
    /// <summary>So many bytes of one publisher's messages are read before it is the next one's turn.</summary>
    private const int Burst = 4096;

    private readonly ChannelCore _core;
    private readonly End _end;
    private readonly int _reader;
    private readonly ReaderState _me;
    private readonly bool _dropsOldest;
    private readonly uint[]? _kinds;
    private readonly TopicLane?[] _lanes;
    private int _count;

    /// <summary>How many messages the lanes had written before this subscriber began with them.</summary>
    private long _begun;
    private bool _disposed;
    private long _burstEnd;

    // Of the lane that is being read.
    private int _current = -1;
    private LaneMemory _memory;
    private uint _longest;
    private long _position;

    /// <summary>By so much the number of the next message there is ahead of the count of leases.</summary>
    private long _numberAhead;

    /// <summary>How far it is from the message that is leased to the next; 0: none is leased.</summary>
    private long _stride;

    /// <summary>At positions before it nothing is to be done but to read.</summary>
    private long _slowAt = long.MinValue;

    /// <summary>Of the message that is leased, read once.</summary>
    private ulong _header;

    /// <summary>How many leases there have been. The last has ended when its stride is 0.</summary>
    private ulong _lease;

    /// <summary>Of the messages that were leased; and how many of those were of no kind that is wanted.</summary>
    private long _bytes;
    private long _unwanted;

    internal TopicSubscriber(ChannelCore core, SubscriptionOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.History, nameof(options));
        ChannelEnd.Check(options.Strategy);
        _core = core;
        _kinds = options.Kinds is { } kinds ? [.. kinds] : null;
        _dropsOldest = (TopicFullMode)core.Memory.Shape.Mode == TopicFullMode.DropOldest;
        _lanes = new TopicLane?[core.Memory.Shape.Lanes];
        core.Enter();
        try
        {
            _reader = core.TakeReader();
            _me = core.Memory.ReaderAt(_reader);
            try
            {
                _end = new End(this, options.Strategy);
                core.Add(_end);
            }
            catch
            {
                core.LeaveReader(_reader);
                throw;
            }
            Join(options.History);
        }
        finally
        {
            core.Release();
        }
    }

    /// <summary>Signalled when there is a message to read; to be waited for beside other things (W34). Waiting takes nothing; it may be told once too often.</summary>
    public SharedWaitable Readable => _end.Signal;

    /// <summary>How many messages were overwritten before this subscriber read them; 0 for ever unless the topic drops the oldest.</summary>
    public long Missed { get; private set; }

    /// <summary>How many messages there are that it has not read; one that is leased has been.</summary>
    public long Lag
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Discover(history: null);
            Park();
            long lag = 0;
            for (int i = 0; i < _count; i++)
                lag += _lanes[i]!.CountFrom(_lanes[i]!.Position, _lanes[i]!.Number, i == _current && _stride != 0 ? _position : null);
            return lag;
        }
    }

    /// <summary>Takes the next message, and ends the lease of the one before.</summary>
    /// <param name="message">The message, in place.</param>
    /// <returns>False: there is none now.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into the topic's memory.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe bool TryRead(out TopicMessage message)
    {
        long position = _position + _stride;
        if (position < _slowAt)
        {
            // SYNC(record): pairs with the release in LaneWriter.Commit.
            ulong header = SharedAtomics.Acquire(_memory.HeaderAt(position));
            uint length = RecordHeader.LengthOf(header);
            if (length <= _longest)
            {
                _position = position;
                _stride = RecordHeader.StrideOf((int)length);
                _header = header;
                _bytes += length;
                message = new TopicMessage(this, ++_lease);
                return true;
            }
        }
        return TryReadSlowly(out message);
    }

    /// <summary>Waits for the next message and takes it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public TopicMessage Read(CancellationToken cancellationToken = default)
    {
        TopicMessage message;
        while (!TryRead(out message))
            _ = WaitToRead(Timeout.InfiniteTimeSpan, cancellationToken);
        return message;
    }

    /// <summary>Waits for the next message, without a thread that waits, and takes it.</summary>
    /// <inheritdoc cref="Read(CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TopicMessage> ReadAsync(CancellationToken cancellationToken = default)
    {
        TopicMessage message;
        while (!TryRead(out message))
            _ = await WaitToReadAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        return message;
    }

    /// <summary>Waits until there may be a message.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool WaitToRead(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.Spins && timeout != TimeSpan.Zero && SpinsOnOneLane() || _end.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="WaitToRead"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitToRead"/>
    public ValueTask<bool> WaitToReadAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _end.WaitAsync(timeout, cancellationToken);
    }

    /// <inheritdoc cref="WaitToReadAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => WaitToReadAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>All messages, as they come; each is leased until the next is asked for.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<TopicMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
            yield return await ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Leaves the topic.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _slowAt = long.MinValue;
        _stride = 0;
        _end.Dispose();
        _core.LeaveReader(_reader);
        _core.Remove(_end);
    }

    internal bool IsLeased(ulong lease) => _lease == lease && _stride != 0;

    internal int LeasedLength => (int)RecordHeader.LengthOf(_header);

    /// <summary>What stands behind the message there, if the record that was leased still says so.</summary>
    internal unsafe ActivityContext LeasedContext
    {
        get
        {
            ulong header = SharedAtomics.Acquire(_memory.HeaderAt(_position));
            int end = LeasedLength;
            return (header & RecordHeader.Traced) != 0 && RecordHeader.PayloadOf(header) == end && RecordHeader.StrideOf(end + TraceBlock.Length) == _stride
                ? TraceBlock.Read(new ReadOnlySpan<byte>(_memory.PayloadAt(_position) + end, TraceBlock.Length))
                : default;
        }
    }

    internal uint LeasedKind => RecordHeader.KindOf(_header);

    internal unsafe ReadOnlySpan<byte> LeasedSpan => new(_memory.PayloadAt(_position), LeasedLength);

    internal void EndLease(ulong lease)
    {
        if (_lease == lease)
            EndLease();
    }

    private void EndLease()
    {
        if (_stride == 0)
            return;
        _position += _stride;
        _stride = 0;
        TopicLane lane = _lanes[_current]!;
        if (_position >= lane.TellAt)
            lane.Tell(_position);
    }

    private sealed class End(TopicSubscriber subscriber, WaitStrategy strategy)
        : ChannelEnd(subscriber._core.Readers, subscriber._reader, strategy)
    {
        public override bool IsReady => subscriber.IsReady;

        public override long? Lag
        {
            get
            {
                ChannelMemory memory = subscriber._core.Memory;
                long written = 0;
                for (int lane = memory.LanesUsed; --lane >= 0;)
                    written += new LaneLook(memory.RingAt(lane), memory.LaneAt(lane), memory.Name.Full).End().Number;
                return Math.Max(0, written - subscriber._begun - (long)subscriber._lease - subscriber.Missed);
            }
        }

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            counts.Received += (long)subscriber._lease - subscriber._unwanted;
            counts.ReceivedBytes += subscriber._bytes;
        }

        protected override void BeforeSleep()
        {
            // With the next message it must be seen that it is awake.
            subscriber._slowAt = long.MinValue;
            subscriber._core.WatchWriters();
        }
    }
}

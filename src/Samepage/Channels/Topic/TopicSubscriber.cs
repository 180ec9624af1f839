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
public sealed class TopicSubscriber : IDisposable
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

    /// <summary>Where there is more to do than to read: lanes to choose from, positions to tell, messages to be kept from being overwritten.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadSlowly(out TopicMessage message)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        EndLease();
        Park();
        while (TryTurn())
        {
            _end.Found();
            bool wanted = TryTake(_lanes[_current]!, out message);
            SayPassed();
            if (wanted)
                return true;
        }
        TellAll();
        message = default;
        return false;
    }

    /// <summary>The message that stands there, if it is of a kind that is wanted; otherwise it is passed over.</summary>
    private unsafe bool TryTake(TopicLane lane, out TopicMessage message)
    {
        ulong header = SharedAtomics.Acquire(_memory.HeaderAt(_position));
        uint length = RecordHeader.ExtentOf(header);
        if (length > _longest)
        {
            PassBy(_current);
            throw ChannelErrors.CorruptRecord(_core.Name, _position, header);
        }
        uint kind = RecordHeader.KindOf(header);
        _stride = RecordHeader.StrideOf((int)length);
        _header = RecordHeader.Of(RecordHeader.PayloadOf(header), kind);
        bool isWanted = _kinds is null || _kinds.AsSpan().Contains(kind);
        if (isWanted)
            _bytes += LeasedLength;
        else
            _unwanted++;
        message = new TopicMessage(this, ++_lease);
        if (isWanted)
            return true;
        EndLease();
        Park();
        return false;
    }

    /// <summary>To a lane that has a message, which stays there. False: none has.</summary>
    private bool TryTurn()
    {
        if (_core.Memory.LanesUsed > _count)
            Discover(history: null);
        int first = _current >= 0 && _position < _burstEnd ? _current : _current + 1;
        for (int i = 0; i < _count; i++)
        {
            int lane = (first + i) % _count;
            bool held = TryHold(lane, out long missed);
            if (missed != 0)
                Missed = _me.Missed = Missed + missed;
            if (!held)
                continue;
            Take(lane);
            return true;
        }
        return false;
    }

    private bool TryHold(int index, out long missed)
    {
        TopicLane lane = _lanes[index]!;
        try
        {
            return lane.TryHold(out missed);
        }
        catch (SharedObjectException)
        {
            PassBy(index);
            throw;
        }
    }

    /// <summary>A lane that is damaged: the next read begins with the others.</summary>
    private void PassBy(int index)
    {
        TopicLane lane = _lanes[index]!;
        if (!lane.HoldsUp)
            lane.LetGo();
        Take(index);
        _burstEnd = 0;
        _slowAt = long.MinValue;
    }

    private void Take(int index)
    {
        TopicLane lane = _lanes[index]!;
        if (_current != index || lane.Position >= _burstEnd)
            _burstEnd = _count == 1 ? long.MaxValue : lane.Position + Burst;
        _memory = lane.Memory;
        _longest = (uint)_memory.LongestPayload;
        _position = lane.Position;
        _numberAhead = lane.Number - (long)_lease;
        _current = index;
        // Filters look at every message; who has slept a moment ago has more to do as well.
        _slowAt = _kinds is not null || _end.IsCareful ? long.MinValue : Math.Min(lane.TellAt, _burstEnd);
    }

    /// <summary>The lane that is being read knows how far it has been.</summary>
    private void Park()
    {
        if (_current >= 0)
            _lanes[_current]!.MoveTo(_position + _stride, (long)_lease + _numberAhead);
    }

    /// <summary>Where its positions say nothing of it: how far it is, for people.</summary>
    private void SayPassed()
    {
        if (_dropsOldest)
            _me.Passed = _begun + (long)_lease + Missed;
    }

    /// <summary>All has been read, and this thread may rest: says how far it has come.</summary>
    private void TellAll()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_lanes[i]!.HoldsUp)
                _lanes[i]!.Tell(_lanes[i]!.Position);
        }
    }

    private void Join(long history)
    {
        try
        {
            for (int lane = _core.Memory.LanesUsed; lane < _lanes.Length; lane++)
                TopicLane.HoldFromFirst(_core.Memory, lane, _reader);
            // A lane that was used before it was seen to be held is one that was there before.
            SharedAtomics.Fence();
            Discover(history);
            _core.Writers.WakeCarefully();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void Discover(long? history)
    {
        for (int used = _core.Memory.LanesUsed; _count < used; _count++)
        {
            _lanes[_count] = TopicLane.Begin(_core, _count, _reader, history);
            _begun += _lanes[_count]!.Number;
            SayPassed();
            // From the second on they take turns.
            _burstEnd = 0;
        }
    }

    /// <summary>Before anything that costs more than a message that is on its way: where all come by one lane, looks there and nowhere else, for a moment.</summary>
    private unsafe bool SpinsOnOneLane()
    {
        long position = _position + _stride;
        if (_count != 1 || position >= _slowAt)
            return false;
        ulong* header = _memory.HeaderAt(position);
        for (int i = 0; i < ChannelEnd.BriefLooks; i++)
        {
            // SYNC(record): pairs with the release in LaneWriter.Commit.
            if (SharedAtomics.Acquire(header) != 0)
                return true;
            Spinner.Pause();
        }
        return false;
    }

    private bool IsReady
    {
        get
        {
            if (_disposed || _core.Memory.LanesUsed > _count)
                return true;
            for (int i = 0; i < _count; i++)
            {
                // Whoever asks on another thread may come before the lane does.
                if (_lanes[i] is not { } lane)
                    return true;
                if (!lane.IsEmptyAt(i == _current ? _position + _stride : lane.Position))
                    return true;
            }
            return false;
        }
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

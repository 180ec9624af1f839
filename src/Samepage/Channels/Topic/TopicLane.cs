using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>One lane of a topic as one subscriber reads it.</summary>
/// <remarks>
/// Where the topic waits for the slowest, the subscriber's position keeps from being overwritten all that it has not read, and is moved on now and then. Where it
/// drops the oldest, the position stands in the lane only while a message is being read, and whoever comes back looks whether the lane has gone on without it.
/// </remarks>
internal sealed class TopicLane
{
    /// <summary>The part of a lane after which a subscriber says how far it has come.</summary>
    private const int StepsToTell = 8;

    private readonly LaneState _state;
    private readonly ReaderState _me;
    private readonly Sleepers _publishers;
    private readonly int _lane;
    private readonly string _channel;
    private readonly bool _dropsOldest;
    private readonly long _step;
    private long _told;
    private long _knownOldest;

    private TopicLane(ChannelCore core, int lane, int reader)
    {
        ChannelMemory memory = core.Memory;
        _publishers = core.Writers;
        Memory = memory.RingAt(lane);
        _state = memory.LaneAt(lane);
        _me = memory.ReaderAt(reader);
        _lane = lane;
        _channel = memory.Name.Full;
        _dropsOldest = (TopicFullMode)memory.Shape.Mode == TopicFullMode.DropOldest;
        _step = memory.Shape.Capacity / StepsToTell;
    }

    public LaneMemory Memory { get; }

    /// <summary>Where the next message stands, or will stand; while the subscriber reads this lane it knows better.</summary>
    public long Position { get; private set; }

    /// <summary>Its number, counted from the first that was ever published here.</summary>
    public long Number { get; private set; }

    /// <summary>Publishers wait for what is not read here.</summary>
    public bool HoldsUp => !_dropsOldest;

    /// <summary>Until here the subscriber may go on without a word.</summary>
    public long TellAt => _dropsOldest ? long.MinValue : _told + _step;

    /// <summary>Begins to read a lane.</summary>
    /// <param name="core">The channel.</param>
    /// <param name="lane">Which lane.</param>
    /// <param name="reader">As which of its readers.</param>
    /// <param name="history">How many messages before the next one to begin with; null: all that were ever written, since it has been held from the first.</param>
    public static TopicLane Begin(ChannelCore core, int lane, int reader, long? history)
    {
        var begun = new TopicLane(core, lane, reader);
        if (history is { } count)
            begun.Join(count);
        return begun;
    }

    /// <summary>Holds a lane from its first message on, before there is one; where the oldest are dropped, it holds nothing up.</summary>
    public static void HoldFromFirst(ChannelMemory memory, int lane, int reader) =>
        memory.ReaderAt(reader).SetPosition(lane, (TopicFullMode)memory.Shape.Mode == TopicFullMode.DropOldest ? ReaderBlock.Nowhere : 0);

    public void MoveTo(long position, long number) => (Position, Number) = (position, number);

    public bool IsEmptyAt(long position) => IsNothingAt(position) && (!_dropsOldest || _state.OldestChunk == _knownOldest);

    // SYNC(record): pairs with the release in LaneWriter.Commit.
    private unsafe bool IsNothingAt(long position) => SharedAtomics.Acquire(Memory.HeaderAt(position)) == 0;

    /// <summary>How many messages there are from one on.</summary>
    /// <param name="position">Where that one stands, or will stand.</param>
    /// <param name="number">Its number.</param>
    /// <param name="leased">The position of a message that is being read, or null.</param>
    public long CountFrom(long position, long number, long? leased)
    {
        if (!_dropsOldest)
            return ToEnd().Number - number;
        // What is walked over must stay. A message that is being read stays as well: it is older.
        try
        {
            if (leased is null)
                _ = Hold(last: true, out _);
            return ToEnd().Number - number;
        }
        finally
        {
            if (leased is null)
                LetGo();
        }

        LaneWalk ToEnd()
        {
            LaneWalk walk = LaneWalk.FromLastChunk(Memory, _state, _channel);
            if (walk.Position < position)
                walk.MoveTo(position, number);
            walk.ToEnd();
            return walk;
        }
    }

    /// <summary>Keeps the next message from being overwritten, where that is not so anyway. False: there is none.</summary>
    /// <param name="missed">How many were overwritten before they were read.</param>
    public bool TryHold(out long missed)
    {
        missed = 0;
        if (IsEmptyAt(Position))
            return false;
        if (!_dropsOldest)
            return true;
        if (_state.OldestChunk == _knownOldest)
        {
            _me.SetPosition(_lane, Position);
            // SYNC(hold): pairs with the fence in LaneState.GiveUpTo.
            SharedAtomics.Fence();
        }
        if (_state.OldestChunk != _knownOldest)
            missed = CatchUp();
        // What is held needs no second reason to look.
        if (!IsNothingAt(Position))
            return true;
        LetGo();
        return false;
    }

    /// <summary>Everything before a position has been read.</summary>
    public void Tell(long position)
    {
        if (_dropsOldest)
        {
            LetGo();
            return;
        }
        if (_told == position)
            return;
        _told = position;
        _me.SetPosition(_lane, position);
        _publishers.Wake();
    }

    /// <summary>There is nothing to be read, or no more: it holds nothing up.</summary>
    public void LetGo()
    {
        _me.SetPosition(_lane, ReaderBlock.Nowhere);
        _publishers.Wake();
    }

    private void Join(long history)
    {
        // Who wants no history holds nothing up that others may need to overwrite.
        _knownOldest = Hold(last: history == 0, out (long Position, long Number) from);
        if (history != SubscriptionOptions.All)
        {
            LaneWalk walk = LaneWalk.FromLastChunk(Memory, _state, _channel);
            walk.ToEnd();
            if (history > 0)
                walk = Back(walk.Number - history, walk.Chunk, from);
            from = (walk.Position, walk.Number);
        }
        MoveTo(from.Position, from.Number);
        _told = from.Position;
        _me.SetPosition(_lane, _dropsOldest ? ReaderBlock.Nowhere : from.Position);
    }

    /// <summary>To the message of that number, or the oldest behind it.</summary>
    private LaneWalk Back(long number, long lastChunk, (long Position, long Number) held)
    {
        LaneWalk walk = LaneWalk.At(Memory, held, _channel);
        // A chunk from which it is not so far; should it be given up meanwhile, what is held still stands.
        for (long chunk = lastChunk; LaneWalk.TryFrom(Memory, _state, chunk, _channel, out LaneWalk nearer); chunk--)
        {
            if (nearer.Number > number)
                continue;
            if (nearer.Position > held.Position)
                walk = nearer;
            break;
        }
        while (walk.Number < number && walk.TryNext())
        {
        }
        return walk;
    }

    /// <summary>The lane has given up chunks: goes on at the oldest that is there, if this one was still before it.</summary>
    private long CatchUp()
    {
        _knownOldest = Hold(last: false, out (long Position, long Number) from);
        if (from.Position > Position)
        {
            long missed = from.Number - Number;
            MoveTo(from.Position, from.Number);
            return missed;
        }
        // No more than what is read next.
        _me.SetPosition(_lane, Position);
        return 0;
    }

    /// <summary>Keeps the oldest chunk of the lane, or the last, and all behind it, from being overwritten.</summary>
    /// <returns>The oldest chunk, whichever is kept.</returns>
    private long Hold(bool last, out (long Position, long Number) first)
    {
        for (int attempt = 0; attempt < LaneWalk.MostAttempts; attempt++)
        {
            long chunk = last ? _state.LastChunk : _state.OldestChunk;
            first = chunk >= 0 ? _state.Chunk(chunk) : default;
            _me.SetPosition(_lane, first.Position);
            // SYNC(hold): pairs with the fence in LaneState.GiveUpTo.
            SharedAtomics.Fence();
            // What was read of it before is right; behind it the row may be another chunk's already.
            long oldest = _state.OldestChunk;
            if (oldest > chunk)
                continue;
            first = LaneWalk.Checked(Memory, chunk, first, _channel);
            return oldest;
        }
        throw ChannelErrors.Corrupt(_channel, "the chunks of a lane are given up as fast as one can look");
    }
}

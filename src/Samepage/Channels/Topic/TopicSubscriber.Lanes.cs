using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

// From one lane to the next: which there are, whose turn it is, and what is said about how far this one has come.
public sealed partial class TopicSubscriber
{
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
}

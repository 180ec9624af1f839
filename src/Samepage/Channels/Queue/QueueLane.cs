using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>One lane of a queue: what its sender wrote, and who has which of it.</summary>
/// <remarks>
/// Taking, returning and burying want the queue's turn; finishing and giving up do not. Protocol, and every state in which somebody can die:
/// docs/design/queue.md. Nothing that is read here is believed.
/// </remarks>
internal sealed unsafe class QueueLane
{
    private readonly LaneMemory _ring;
    private readonly LaneState _state;
    private readonly ulong* _next;
    private readonly ulong* _done;
    private readonly uint _longest;
    private readonly string _channel;
    private long _memoryEnd;

    public QueueLane(ChannelMemory memory, int lane)
    {
        nint block = memory.AddressOf(ChannelLayout.LaneOffset(lane));
        _ring = memory.RingAt(lane);
        _state = memory.LaneAt(lane);
        _next = (ulong*)(block + QueueBlock.NextOffset);
        _done = (ulong*)(block + QueueBlock.DoneOffset);
        _longest = (uint)_ring.LongestPayload;
        _channel = memory.Name.Full;
    }

    /// <summary>False: there is no message to be taken. True: there may be one. Asked without the turn, by any thread.</summary>
    public bool MayHaveNext
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (!HasMemory)
                return false;
            long next = (long)SharedAtomics.Acquire(_next);
            // Who takes says what is wrong with a place where nothing can be.
            if (next % RecordHeader.Length != 0 || (ulong)next + RecordHeader.Length > (ulong)_memoryEnd && !IsMemory(next + RecordHeader.Length))
                return true;
            return SharedAtomics.Acquire(_ring.HeaderAt(next)) != 0 || !IsPossible(next);
        }
    }

    /// <summary>A lane before one that is in use may never have been.</summary>
    private bool HasMemory => _memoryEnd > 0 || IsMemory(1);

    // SYNC(queue-next): pairs with the release in MoveTo; whoever moves it has the turn.
    private long Next
    {
        get
        {
            long next = (long)SharedAtomics.Acquire(_next);
            return next is >= 0 and <= LaneBlock.LastPosition && next % RecordHeader.Length == 0 ? next : throw Misplaced("to be taken", next);
        }
    }

    /// <summary>For people: from there on nobody has taken anything, but for what was given back.</summary>
    public long NextToSee => Next;

    /// <summary>Next is never before done, and never further than all of the lane; without the turn it may seem so for a moment.</summary>
    private bool IsPossible(long next) => (ulong)(next - Done) <= (ulong)_ring.Capacity;

    // SYNC(queue-done): pairs with the exchange in TryGiveUp.
    private long Done => (long)SharedAtomics.Acquire(_done);

    /// <summary>Takes the first message that waits. Under the turn.</summary>
    /// <param name="taken">Who takes it, or that it is finished at once.</param>
    /// <param name="lease">What was taken.</param>
    public bool TryTake(uint taken, out QueueLease lease)
    {
        lease = default;
        if (!HasMemory || !TryFindNext(out long position, out int length, out ulong state))
            return false;
        state = QueueRecord.Delivered(state, taken);
        // SYNC(queue-state): pairs with the acquire in Look.
        SharedAtomics.Release(StateAt(position), state);
        CrashSwitch.Reach(CrashPoint.QueueTaken);
        MoveTo(position + RecordHeader.StrideOf(length));
        CrashSwitch.Reach(CrashPoint.QueueMoved);
        lease = new QueueLease(this, position, length - QueueRecord.Length - (IsTraced(position, length) ? TraceBlock.Length : 0), state);
        return true;
    }

    /// <summary>What its sender was doing, if the record that was leased still says so.</summary>
    public ActivityContext TraceOf(in QueueLease lease) => IsTraced(lease.Position, QueueRecord.Length + lease.Length + TraceBlock.Length)
        ? TraceBlock.Read(new ReadOnlySpan<byte>(MessageAt(lease.Position) + lease.Length, TraceBlock.Length))
        : default;

    /// <summary>A record of that length, with a trace context at its end.</summary>
    private bool IsTraced(long position, int length)
    {
        ulong header = SharedAtomics.Acquire(_ring.HeaderAt(position));
        return (header & RecordHeader.Traced) != 0 && RecordHeader.ExtentOf(header) == length && length >= QueueRecord.Length + TraceBlock.Length && length <= _longest;
    }

    /// <summary>Takes the oldest message of all that are still there, unless somebody has it, and finishes it. Under the turn.</summary>
    public bool TryDrop() => HasMemory && TryFindNext(out long position, out _, out _) && position == Done && TryTake(QueueRecord.Finished, out _);

    /// <summary>The message has been read. Only its receiver says so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(long position, ulong state)
    {
        // SYNC(queue-state): pairs with the acquire in Look.
        SharedAtomics.Release(StateAt(position), state | QueueRecord.Finished);
        CrashSwitch.Reach(CrashPoint.QueueFinished);
    }

    /// <summary>Whether the sender gets room by that record alone: it looks no further than to the first that is not finished.</summary>
    public bool IsOldest(long position) => Done == position;

    /// <summary>Whose message keeps the room of all that come after it; -1: nobody's.</summary>
    public int ReceiverOfOldest => HasMemory && Look(Done, out _, out ulong state) == Seen.Message ? QueueRecord.ReceiverOf(state) : -1;

    /// <summary>The message waits again. Under the turn, by its receiver or whoever buries that one.</summary>
    public void Return(long position, ulong state)
    {
        // First, so that it never waits where nobody looks.
        // A damaged one is for who takes to report: this may be the end of a receiver.
        if (position < (long)SharedAtomics.Acquire(_next))
        {
            MoveTo(position);
            CrashSwitch.Reach(CrashPoint.QueueMovedBack);
        }
        // SYNC(queue-state): pairs with the acquire in Look.
        SharedAtomics.Release(StateAt(position), QueueRecord.Returned(state));
        CrashSwitch.Reach(CrashPoint.QueueReturned);
    }

    /// <summary>What a dead receiver had leased waits again; what it was given is finished. Under the turn.</summary>
    public void Bury(int receiver)
    {
        if (!HasMemory)
            return;
        long position = Done;
        for (long end = position + _ring.Capacity; position < end;)
        {
            Seen seen = Look(position, out int length, out ulong state);
            // The sender may have given up and overwritten what is finished; what the dead one has it has not.
            if (Done is var done && done > position)
            {
                position = done;
                continue;
            }
            if (seen is Seen.Nothing or Seen.Damaged)
                return;
            if (QueueRecord.IsTakenBy(state, receiver))
            {
                if (QueueRecord.IsOnce(state))
                    Finish(position, state);
                else
                    Return(position, state);
            }
            position += RecordHeader.StrideOf(length);
        }
    }

    /// <summary>Gives up the room of all finished messages, and says how far it could. By the sender's process.</summary>
    /// <param name="needed">Who has room as far as there does not wait for the turn, which somebody may have who is stopped.</param>
    /// <param name="turn">The queue's, for a rare case.</param>
    public long GiveUp(long needed, ChannelTurn turn)
    {
        for (long first = Done; ;)
        {
            long done = Done, next = Next;
            if (done < 0 || done % RecordHeader.Length != 0 || done > next)
                throw Misplaced("that is still there", done);
            // In turn with another thread that gives up and writes on: whoever asks again sees it.
            if (done - first > _ring.Capacity)
                return done;
            long end = EndOfFinished(done, next);
            // Again: a message that was returned meanwhile may be finished, by whoever buried the one who died while taking it anew, with next still before it.
            next = Math.Min(next, Next);
            end = Math.Min(end, next);
            if (end > done)
            {
                // Looks again: who finished the next one before it could see this did not ring.
                _ = TryGiveUp(done, end);
                continue;
            }
            if (end < next || done >= needed || !TryPass(next, turn))
                return done;
        }
    }

    private bool TryGiveUp(long done, long end)
    {
        // SYNC(queue-done): pairs with the acquire in Done.
        bool moved = SharedAtomics.CompareExchange(_done, (ulong)done, (ulong)end);
        CrashSwitch.Reach(CrashPoint.QueueFreed);
        return moved;
    }

    private long EndOfFinished(long position, long next)
    {
        while (position < next && Look(position, out int length, out ulong state) == Seen.Message && QueueRecord.IsFinished(state))
            position += RecordHeader.StrideOf(length);
        return Math.Min(position, next);
    }

    /// <summary>Where next stands there may be a message that is finished, when it was moved back before, or one who took it died. False: it waits, or is none.</summary>
    private bool TryPass(long next, ChannelTurn turn)
    {
        if (Look(next, out _, out ulong state) != Seen.Message || QueueRecord.IsWaiting(state))
            return false;
        using (turn.Take())
            _ = TryFindNext(out _, out _, out _);
        return Next != next;
    }

    /// <summary>Moves next to the first message that waits. False: there is none. Under the turn.</summary>
    private bool TryFindNext(out long position, out int length, out ulong state)
    {
        position = Next;
        long end = position + _ring.Capacity;
        Seen seen;
        while ((seen = Look(position, out length, out state)) == Seen.Message && !QueueRecord.IsWaiting(state) && position < end)
        {
            position += RecordHeader.StrideOf(length);
            MoveTo(position);
            CrashSwitch.Reach(CrashPoint.QueuePassed);
        }
        if (!IsPossible(position))
            throw Misplaced("to be taken", position);
        if (seen == Seen.Damaged || position >= end)
            throw ChannelErrors.CorruptRecord(_channel, position, SharedAtomics.Acquire(_ring.HeaderAt(position)));
        return seen == Seen.Message;
    }

    // NO-POINT: each caller has its own.
    private void MoveTo(long position) =>
        // SYNC(queue-next): pairs with the acquire in Next.
        SharedAtomics.Release(_next, (ulong)position);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Seen Look(long position, out int length, out ulong state)
    {
        (length, state) = (0, 0);
        if (position % RecordHeader.Length != 0 || position + RecordHeader.Length > _memoryEnd && !IsMemory(position + RecordHeader.Length))
            return Seen.Damaged;
        // SYNC(record): pairs with the release in LaneWriter.Commit.
        ulong header = SharedAtomics.Acquire(_ring.HeaderAt(position));
        if (header == 0)
            return Seen.Nothing;
        uint found = RecordHeader.ExtentOf(header);
        length = (int)found;
        long end = position + RecordHeader.StrideOf(length);
        if (found < QueueRecord.Length + RecordHeader.TraceLengthOf(header) || found > _longest || end > _memoryEnd && !IsMemory(end))
            return Seen.Damaged;
        // SYNC(queue-state): pairs with the releases in TryTake, Finish and Return.
        state = SharedAtomics.Acquire(StateAt(position));
        return Seen.Message;
    }

    /// <summary>Whether the lane has ever come as far: it grows before something is written there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsMemory(long end)
    {
        long memory = LaneWalk.CheckedMemory(_ring, _state, _channel);
        // Behind the last position there is none.
        if (end < 0)
            return false;
        _memoryEnd = memory == _ring.Capacity ? long.MaxValue : memory;
        return end <= _memoryEnd;
    }

    public byte* MessageAt(long position) => _ring.PayloadAt(position) + QueueRecord.Length;

    private ulong* StateAt(long position) => (ulong*)_ring.PayloadAt(position);

    private SharedObjectException Misplaced(string what, long position) =>
        ChannelErrors.Corrupt(_channel, $"the first message {what} is said to stand at {position:N0}");

    private enum Seen
    {
        Nothing,
        Message,
        Damaged,
    }
}

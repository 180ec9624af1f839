using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What one handle of a queue and all of its ends have in common: a channel, the turn of those who take from it, and its lanes as they see them.</summary>
internal sealed unsafe class QueueCore
{
    private readonly uint* _lanesUsed;
    private readonly QueueLane?[] _lanes;

    public QueueCore(ChannelMemory memory)
    {
        Mode = new QueueMode(memory.Shape.Mode);
        if (!Mode.IsPossible || memory.Shape.Lanes % Mode.Priorities != 0)
        {
            memory.Dispose();
            throw ChannelErrors.Corrupt(memory.Name.Full, $"its mode is said to be {memory.Shape.Mode:X8}, with {memory.Shape.Lanes:N0} lanes");
        }
        _lanes = new QueueLane?[memory.Shape.Lanes];
        _lanesUsed = (uint*)memory.AddressOf(ChannelHeader.LanesUsedOffset);
        try
        {
            Turn = new ChannelTurn(memory);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        Channel = new ChannelCore(memory) { ReaderDied = Bury, Companion = Turn };
    }

    public ChannelCore Channel { get; }

    public ChannelTurn Turn { get; }

    public QueueMode Mode { get; }

    /// <summary>How many lanes there may be something in.</summary>
    // As that of the memory, without the checks of a view.
    public int LanesUsed => (int)Math.Min(SharedAtomics.Acquire(_lanesUsed), (uint)_lanes.Length);

    // Two threads may each make one for the same lane: either does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public QueueLane LaneAt(int lane) => SharedAtomics.Observe(ref _lanes[lane]) ?? MakeLane(lane);

    /// <summary>False: there was no message to be taken.</summary>
    public bool MayHaveMessage()
    {
        for (int lane = LanesUsed; --lane >= 0;)
        {
            if (LaneAt(lane).MayHaveNext)
                return true;
        }
        return false;
    }

    /// <summary>How many messages nobody has taken, as somebody sees it who looks from aside.</summary>
    public long Waiting()
    {
        ChannelMemory memory = Channel.Memory;
        long waiting = 0;
        for (int lane = LanesUsed; --lane >= 0;)
        {
            var look = new LaneLook(memory.RingAt(lane), memory.LaneAt(lane), Channel.Name);
            waiting += ChannelInspector.Waiting(look, LaneAt(lane), look.End()) ?? 0;
        }
        return waiting;
    }

    /// <summary>A receiver has read a message: its sender may have waited for the room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(in QueueLease lease)
    {
        lease.Lane.Finish(lease.Position, lease.State);
        if (Channel.Writers.MaySleep)
            WakeSender(lease);
    }

    /// <summary>All messages that wait are finished.</summary>
    public void Clear()
    {
        using (Turn.Take())
        {
            for (int lane = LanesUsed; --lane >= 0;)
            {
                for (long room = Channel.Memory.Shape.Capacity; room > 0 && LaneAt(lane).TryTake(QueueRecord.Finished, out QueueLease lease);)
                    room -= RecordHeader.StrideOf(lease.Length + QueueRecord.Length);
            }
        }
        Channel.Writers.WakeCarefully();
    }

    private void WakeSender(in QueueLease lease)
    {
        // The sender moves done first and then looks at the state; here it is the other way round.
        SharedAtomics.Fence();
        if (lease.Lane.IsOldest(lease.Position))
            Channel.Writers.WakeCarefully();
    }

    /// <summary>What a dead receiver had leased is there for the others.</summary>
    private void Bury(int receiver)
    {
        using (Turn.Take())
        {
            for (int lane = LanesUsed; --lane >= 0;)
            {
                try
                {
                    LaneAt(lane).Bury(receiver);
                }
                catch (SharedObjectException e) when (e.Reason == FailureReason.Corrupt)
                {
                    // Nobody is there to be told; whoever receives from that lane will be.
                }
            }
        }
        Channel.Readers.WakeCarefully();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private QueueLane MakeLane(int lane)
    {
        var made = new QueueLane(Channel.Memory, lane);
        SharedAtomics.Publish(ref _lanes[lane], made);
        return made;
    }
}

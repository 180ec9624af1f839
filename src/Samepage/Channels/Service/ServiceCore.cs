using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What one handle of a service and all of its ends have in common. Clients write the lanes, servers read them: docs/design/service.md.</summary>
internal sealed unsafe class ServiceCore
{
    private readonly uint* _lanesUsed;
    private readonly ServiceLane?[] _lanes;

    public ServiceCore(ChannelMemory memory)
    {
        ChannelShape shape = memory.Shape;
        try
        {
            Block = BlockOf(memory, out int calls);
            Calls = calls;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        _lanes = new ServiceLane?[shape.Lanes];
        _lanesUsed = (uint*)memory.AddressOf(ChannelHeader.LanesUsedOffset);
        Bells = new BellBoard(memory.Name, "server", shape.Readers, shape.Access);
        Channel = new ChannelCore(memory) { ReaderDied = BuryServer, WriterDied = BuryClient, Companion = Bells };
    }

    /// <summary>What its memory says of calls, and how many each client can have.</summary>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: they do not fit.</exception>
    public static CallBlock BlockOf(ChannelMemory memory, out int calls) =>
        CallBlock.TryRead(memory.Shape.Mode, out CallBlock block, out calls) && block.Length * calls <= memory.Shape.Capacity
            ? block
            : throw ChannelErrors.Corrupt(memory.Name.Full, $"its mode is said to be {memory.Shape.Mode:X8}, with lanes of {memory.Shape.Capacity:N0} bytes");

    public ChannelCore Channel { get; }

    private BellBoard Bells { get; }

    public CallBlock Block { get; }

    /// <summary>How many each client can have at one time.</summary>
    public int Calls { get; }

    /// <summary>How many lanes there may be something in.</summary>
    // As that of the memory, without the checks of a view.
    public int LanesUsed => (int)Math.Min(SharedAtomics.Acquire(_lanesUsed), (uint)_lanes.Length);

    // Two threads may each make one for the same lane: either does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ServiceLane LaneAt(int lane) => SharedAtomics.Observe(ref _lanes[lane]) ?? MakeLane(lane);

    /// <summary>By which a server is told of what concerns a call that it has.</summary>
    public SharedEvent MakeServerBell(int server) => Bells.Make(server);

    /// <summary>A server that has never asked for such news has no bell, and looks when it first does.</summary>
    public void RingServer(int server)
    {
        if (server >= 0 && server < Channel.Memory.Shape.Readers)
            _ = Bells.TryRing(server);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WakeClient(int lane)
    {
        if (Channel.Writers.MaySleep)
            Channel.Writers.WakeEnd(lane);
    }

    /// <summary>How many requests no server has taken.</summary>
    public long Waiting()
    {
        long waiting = 0;
        for (int lane = LanesUsed; --lane >= 0;)
        {
            ServiceLane calls = LaneAt(lane);
            for (int i = calls.Used; --i >= 0;)
                waiting += calls.SlotAt(i).State.Phase == CallPhase.Waiting ? 1 : 0;
        }
        return waiting;
    }

    /// <summary>A client, or its end, is gone: nobody wants its calls any more.</summary>
    public void EndClient(int lane)
    {
        ServiceLane calls = LaneAt(lane);
        for (int i = calls.Used; --i >= 0;)
            Withdraw(calls.SlotAt(i));
    }

    /// <summary>Nobody wants this call any more: it is free, or will be when its server knows.</summary>
    public void Withdraw(CallSlot slot)
    {
        while (true)
        {
            CallState state = slot.State;
            switch (state.Phase)
            {
                case CallPhase.Free:
                    return;
                case CallPhase.Taken:
                    if (slot.TryCancel(state))
                        RingServer(state.Server);
                    else
                        continue;
                    return;
                case CallPhase.Cancelled:
                    // Whoever did this may have died before it rang.
                    RingServer(state.Server);
                    return;
                default:
                    if (slot.TryFree(state))
                        return;
                    continue;
            }
        }
    }

    private void BuryClient(int lane)
    {
        try
        {
            EndClient(lane);
        }
        catch (SharedObjectException e) when (e.Reason == FailureReason.Corrupt)
        {
            // Nobody is there to be told; whoever looks there next will be.
        }
    }

    /// <summary>What a dead server had is told to those who asked, or free.</summary>
    private void BuryServer(int server)
    {
        for (int lane = LanesUsed; --lane >= 0;)
        {
            try
            {
                ServiceLane calls = LaneAt(lane);
                for (int i = calls.Used; --i >= 0;)
                    End(calls.SlotAt(i), server, CallPhase.Died);
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.Corrupt)
            {
                // Nobody is there to be told; whoever looks there next will be.
            }
        }
        Channel.Writers.WakeCarefully();
    }

    /// <summary>A server has this call, and does not answer it any more.</summary>
    public static void End(CallSlot slot, int server, CallPhase how)
    {
        CallState state = slot.State;
        while (state.Server == server && state.Phase is CallPhase.Taken or CallPhase.Cancelled
            && !slot.TryBury(state, how))
        {
            state = slot.State;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ServiceLane MakeLane(int lane)
    {
        var made = new ServiceLane(Channel.Memory, lane, Block, Calls);
        SharedAtomics.Publish(ref _lanes[lane], made);
        return made;
    }
}

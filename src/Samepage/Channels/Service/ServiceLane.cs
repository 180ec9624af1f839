using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>The places for calls of one client, as anybody sees them. Nothing that is read here is believed.</summary>
internal sealed unsafe class ServiceLane
{
    private readonly ChannelMemory _memory;
    private readonly LaneMemory _ring;
    private readonly int _lane;
    private readonly int _calls;
    private readonly long _stride;
    private readonly nint _first;
    private readonly ulong* _used;
    private uint _checked;

    public ServiceLane(ChannelMemory memory, int lane, CallBlock block, int calls)
    {
        _memory = memory;
        _ring = memory.RingAt(lane);
        _lane = lane;
        _calls = calls;
        _stride = block.Length;
        _first = (nint)_ring.HeaderAt(0);
        _used = (ulong*)(memory.AddressOf(ChannelLayout.LaneOffset(lane)) + CallBlock.UsedOffset);
    }

    /// <summary>How many places, from the first, were ever used. There is memory for them.</summary>
    public int Used
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // SYNC(call-used): pairs with the release in Use.
            ulong used = SharedAtomics.Acquire(_used);
            return used == _checked ? (int)used : Check(used);
        }
    }

    public CallSlot SlotAt(int slot) => new(_first + (nint)(slot * _stride));

    /// <summary>From now on servers look at this place as well. Only by the client.</summary>
    public void Use(int slot)
    {
        LaneState state = _memory.LaneAt(_lane);
        long before = LaneWalk.CheckedMemory(_ring, state, _memory.Name.Full);
        long end = (slot + 1) * _stride;
        if (end > before)
        {
            long wanted = (end + SharedMemory.MappingGranularity - 1) / SharedMemory.MappingGranularity * SharedMemory.MappingGranularity;
            _memory.GiveMemory(_lane, before, wanted - before);
            state.Memory = wanted;
        }
        // SYNC(call-used): pairs with the acquire in Used.
        SharedAtomics.Release(_used, (ulong)slot + 1);
        CrashSwitch.Reach(CrashPoint.CallPlaceUsed);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Check(ulong used)
    {
        if (used > (ulong)_calls || (long)used * _stride > LaneWalk.CheckedMemory(_ring, _memory.LaneAt(_lane), _memory.Name.Full))
            throw ChannelErrors.Corrupt(_memory.Name.Full, $"a client is said to have used {used:N0} of its {_calls:N0} calls");
        _checked = (uint)used;
        return (int)used;
    }
}

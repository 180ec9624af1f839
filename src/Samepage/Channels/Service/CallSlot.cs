using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A <see cref="CallBlock"/> in mapped memory.</summary>
/// <param name="slot">Its address; the owner of this value keeps it mapped.</param>
internal readonly unsafe struct CallSlot(nint slot)
{
    private ulong* At(int offset) => (ulong*)(slot + offset);

    private uint* HalfAt(int offset) => (uint*)(slot + offset);

    // SYNC(call): pairs with the release in Ask and the exchange in TryMove.
    public CallState State
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(SharedAtomics.Acquire(At(CallBlock.StateOffset)));
    }

    // SYNC(call-written): pairs with the release in its setter.
    public ulong Written
    {
        get => SharedAtomics.Acquire(At(CallBlock.WrittenOffset));
        set
        {
            // SYNC(call-written): pairs with the acquire in its getter.
            SharedAtomics.Release(At(CallBlock.WrittenOffset), value);
            CrashSwitch.Reach(CrashPoint.PartWritten);
        }
    }

    // SYNC(call-read): pairs with the release in its setter.
    public ulong Read
    {
        get => SharedAtomics.Acquire(At(CallBlock.ReadOffset));
        set
        {
            // SYNC(call-read): pairs with the acquire in its getter.
            SharedAtomics.Release(At(CallBlock.ReadOffset), value);
            CrashSwitch.Reach(CrashPoint.PartRead);
        }
    }

    /// <summary>The server waits until the client has read.</summary>
    // SYNC(call-room): pairs with the exchange in WantRoom; fenced on both sides.
    public bool WantsRoom => SharedAtomics.Acquire(At(CallBlock.WantsRoomOffset)) != 0;

    public uint RequestLength => SharedAtomics.Acquire(HalfAt(CallBlock.RequestLengthOffset));

    /// <summary>The client's flags.</summary>
    public uint Flags => SharedAtomics.Acquire(HalfAt(CallBlock.FlagsOffset));

    public uint FailureLength
    {
        get => SharedAtomics.Acquire(HalfAt(CallBlock.FailureLengthOffset));
        // NO-POINT: TryAnswer publishes it.
        set => SharedAtomics.Release(HalfAt(CallBlock.FailureLengthOffset), value);
    }

    public byte* Request => (byte*)slot + CallBlock.RequestOffset;

    /// <summary>Where a <see cref="TraceBlock"/> lies, if the flags say so.</summary>
    public Span<byte> TraceIn(CallBlock block) => new(ByteAt(block.TraceOffset), TraceBlock.Length);

    public byte* ByteAt(int offset) => (byte*)slot + offset;

    /// <summary>The request will be read soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FetchRequest() => SharedAtomics.Prefetch(Request);

    /// <summary>The request, which lies there, may be taken. Only by the client, whose place it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ask(CallState asked, int length, uint flags)
    {
        // NO-POINT: the state publishes them.
        SharedAtomics.Store(At(CallBlock.WrittenOffset), 0);
        SharedAtomics.Store(At(CallBlock.ReadOffset), 0);
        SharedAtomics.Store(At(CallBlock.WantsRoomOffset), 0);
        SharedAtomics.Store(At(CallBlock.RequestLengthOffset), (uint)length | (ulong)flags << 32);
        // SYNC(call): pairs with the acquire in State.
        SharedAtomics.Release(At(CallBlock.StateOffset), asked.Word);
        CrashSwitch.Reach(CrashPoint.CallAsked);
    }

    /// <summary>A server takes what waits. Of this, and all that follows: false: somebody else was faster.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(CallState waiting, int server)
    {
        bool moved = TryMove(waiting, waiting.TakenBy(server));
        CrashSwitch.Reach(CrashPoint.CallTaken);
        return moved;
    }

    /// <summary>The server is through with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAnswer(CallState taken, CallPhase how)
    {
        bool moved = TryMove(taken, taken.In(how));
        CrashSwitch.Reach(CrashPoint.CallAnswered);
        return moved;
    }

    /// <summary>The server is through with what it had taken, and nobody wants.</summary>
    public bool TryRelease(CallState taken)
    {
        CallState cancelled = taken.In(CallPhase.Cancelled);
        bool moved = TryMove(cancelled, cancelled.Freed);
        CrashSwitch.Reach(CrashPoint.CallReleased);
        return moved;
    }

    /// <summary>Nobody wants what a server has taken.</summary>
    public bool TryCancel(CallState taken)
    {
        bool moved = TryMove(taken, taken.In(CallPhase.Cancelled));
        CrashSwitch.Reach(CrashPoint.CallWithdrawn);
        return moved;
    }

    /// <summary>Nobody wants what no server has, or not any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFree(CallState state)
    {
        bool moved = TryMove(state, state.Freed);
        CrashSwitch.Reach(CrashPoint.CallFreed);
        return moved;
    }

    /// <summary>The client has read what was answered, which nobody but it changes any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free(CallState answered)
    {
        // SYNC(call): pairs with the acquire in State.
        SharedAtomics.Release(At(CallBlock.StateOffset), answered.Freed.Word);
        CrashSwitch.Reach(CrashPoint.CallFreed);
    }

    /// <summary>The server that has it will not answer.</summary>
    public bool TryBury(CallState state, CallPhase how)
    {
        bool moved = TryMove(state, state.Phase == CallPhase.Cancelled ? state.Freed : state.In(how));
        CrashSwitch.Reach(CrashPoint.CallBuried);
        return moved;
    }

    public void WantRoom(bool wanted)
    {
        // SYNC(call-room): pairs with the acquire in WantsRoom.
        SharedAtomics.Exchange(At(CallBlock.WantsRoomOffset), wanted ? 1ul : 0);
        CrashSwitch.Reach(CrashPoint.RoomWanted);
    }

    public ulong ResponseHeader(int offset) => SharedAtomics.Acquire(At(offset));

    // NO-POINT: Written publishes it.
    public void SetResponseHeader(int offset, ulong header) => SharedAtomics.Store(At(offset), header);

    // NO-POINT: each caller has its own.
    // SYNC(call): pairs with the acquire in State.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryMove(CallState from, CallState to) => SharedAtomics.CompareExchange(At(CallBlock.StateOffset), from.Word, to.Word);
}

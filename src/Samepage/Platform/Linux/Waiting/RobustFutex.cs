using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>A word with its generation that the kernel looks after when its owner dies: that of a mutex, and the claim of any object.</summary>
/// <param name="pair">The word as low half, the generation above it.</param>
/// <param name="node">Where the kernel expects the list node of the word.</param>
/// <param name="entry">On whose list that node is.</param>
/// <remarks>Protocol, states of death and proof: docs/design/mutex.md; model: tests/models/mutex.pml.</remarks>
internal readonly unsafe struct RobustFutex(ulong* pair, nint node, ListEntry entry)
{
    private readonly ulong* _pair = pair;
    private readonly nint _node = node;
    private readonly ListEntry _entry = entry;

    public uint* Word => (uint*)_pair;

    // SYNC(mutex): pairs with the exchange in Release, and with the kernel's at the death of the owner.
    public ulong Pair => SharedAtomics.Acquire(_pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(RobustThread me)
    {
        me.Begin(_node);
        CrashSwitch.Reach(CrashPoint.MutexPending);
    }

    /// <summary>Takes it if nobody has it, waits for it, or died with it.</summary>
    // NO-POINT: it stands in Link, which comes next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeFree(RobustThread me) =>
        // SYNC(mutex): pairs with the exchange in Release.
        SharedAtomics.CompareExchange(Word, MutexWord.Free, me.ThreadId);

    /// <summary>Takes it from this state, in which nobody has it. False: the state has changed.</summary>
    // NO-POINT: it stands in Link, which comes next.
    public bool TryTakeFrom(RobustThread me, ulong state, uint mark = 0)
    {
        uint word = MutexWord.Word(state);
        // SYNC(mutex): pairs with the exchange in Release, and with the kernel's at the death of the owner.
        return word == MutexWord.Free && mark == 0
            ? TryTakeFree(me)
            : SharedAtomics.CompareExchange(_pair, state,
                MutexWord.Pair(MutexWord.Generation(state) + 1, me.ThreadId | (word & MutexWord.Waiters)) | (ulong)mark << 32);
    }

    /// <summary>After it was taken: the kernel knows. False: a stranger took it from another thread of this process, to which it is given back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryLink(RobustThread me)
    {
        CrashSwitch.Reach(CrashPoint.MutexTaken);
        if (!_entry.TryLink(me))
            return GiveBack(me);
        CrashSwitch.Reach(CrashPoint.MutexLinked);
        return true;
    }

    /// <summary>Leaves the waiters' mark in a word that names an owner. False: it changed meanwhile.</summary>
    public bool TryMark(ref uint word)
    {
        if ((word & MutexWord.Waiters) != 0)
            return true;
        if (!SharedAtomics.CompareExchange(Word, word, word | MutexWord.Waiters))
            return false;
        CrashSwitch.Reach(CrashPoint.MutexWaitersMarked);
        word |= MutexWord.Waiters;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release(RobustThread me)
    {
        me.Begin(_node);
        CrashSwitch.Reach(CrashPoint.MutexLeaving);
        _entry.Unlink(me);
        CrashSwitch.Reach(CrashPoint.MutexUnlinked);
        // SYNC(mutex): pairs with the exchanges of those who take it.
        if (!SharedAtomics.CompareExchange(Word, me.ThreadId, MutexWord.Free))
            ReleaseContended();
        CrashSwitch.Reach(CrashPoint.MutexReleased);
        me.End();
    }

    /// <summary>For who slept here and goes away without it: the wake-up that was perhaps spent on it goes to the next one.</summary>
    public void PassOn()
    {
        uint word = MutexWord.Word(Pair);
        if ((word & MutexWord.OwnerMask) == 0 && (word & MutexWord.Waiters) != 0)
            _ = Futex.Wake(Word, 1);
        CrashSwitch.Reach(CrashPoint.MutexPassedOn);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool GiveBack(RobustThread me)
    {
        uint holder = (uint)_entry.Linked;
        uint word = MutexWord.Word(Pair);
        if (holder != 0 && (word & MutexWord.OwnerMask) == me.ThreadId)
        {
            // NO-POINT: only where a stranger lied.
            _ = SharedAtomics.CompareExchange(Word, word, holder | MutexWord.Waiters);
        }
        return false;
    }

    private void ReleaseContended()
    {
        // Still the owner: nobody else changes the generation.
        uint generation = MutexWord.Generation(Pair);
        int woken = Futex.SetAndWake(Word, MutexWord.WaitersBit, 1);
        CrashSwitch.Reach(CrashPoint.MutexHandedOver);
        if (woken == 0)
        {
            // Nobody slept at that moment. Whoever took the mutex since has raised the generation, and then the bit is theirs to keep.
            _ = SharedAtomics.CompareExchange(_pair,
                MutexWord.Pair(generation, MutexWord.Waiters), MutexWord.Pair(generation, MutexWord.Free));
            CrashSwitch.Reach(CrashPoint.MutexWaitersCleared);
        }
    }
}

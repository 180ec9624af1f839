using Samepage.Layout;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Tethers;

namespace Samepage.Platform.Linux.Locks;

/// <summary>What a lock is doing, for people.</summary>
internal static class LockState
{
    /// <summary>The place, counted from 1, that the word names; 0: none, or no such place.</summary>
    public static uint HolderOf(ulong pair) => (LockWord.Word(pair) & LockWord.HolderMask) is <= LockPlace.Count and var holder ? holder : 0;

    /// <summary>A lock whose holder is gone is free, though nobody has come to say so in the word.</summary>
    public static SharedObjectState Of(ulong pair, LockPlace place, SharedObjectScope scope)
    {
        uint word = LockWord.Word(pair);
        bool isNamed = HolderOf(pair) != 0;
        bool isHeld = isNamed && IsAlive(place.Tether, scope);
        return new SharedObjectState
        {
            IsSignaled = !isHeld,
            IsAbandoned = isNamed ? !isHeld : (word & LockWord.Died) != 0,
            HasWaiters = isHeld && (word & LockWord.Waiters) != 0,
            OwnerProcessId = isHeld ? place.ProcessId : 0,
        };
    }

    /// <summary>A look at a process, which nobody here will watch for that.</summary>
    public static bool IsAlive(ulong tether, SharedObjectScope scope)
    {
        if (ObjectDirectory.ToLookAt(scope) is not { } directory || TetherFile.TryOpen(directory, TetherName.OfProcess(tether)) is not { } descriptor)
            return false;
        _ = LibC.Close(descriptor);
        return true;
    }
}

using System.Globalization;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Locks;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux;

/// <summary>Reads what a mutex, event or semaphore is doing, for people: a snapshot that is old when it is seen.</summary>
internal static unsafe class StateReader
{
    public static SharedObjectState Of(WaitBlock block)
    {
        // SYNC(inspection): a look from aside; it pairs with nothing and decides nothing.
        SharedObjectState state = Of(block.Description, SharedAtomics.Acquire(block.Pair), block.Maximum) with
        {
            WaiterCount = Futex.CountSleepers(block.Word),
        };
        GC.KeepAlive(block);
        return state;
    }

    /// <summary>The state of a lock that flows hold.</summary>
    public static SharedObjectState OfLock(WaitBlock block, SharedObjectScope scope)
    {
        ulong pair = SharedAtomics.Acquire(block.Pair);
        LockPlace place = LockState.HolderOf(pair) is > 0 and var holder ? block.LockPlaces[holder - 1] : default;
        SharedObjectState state = LockState.Of(pair, place, scope) with { WaiterCount = Futex.CountSleepers(block.Word) };
        GC.KeepAlive(block);
        return state;
    }

    /// <summary>The state as it lies in a file that this process has not mapped. Null: cut short while we looked.</summary>
    public static SharedObjectState? Of(int descriptor, SegmentDescription description, SharedObjectScope scope)
    {
        ulong* state = stackalloc ulong[2];
        return LibC.PRead(descriptor, state, 16, StateBlock.MaximumOffset) == 16
            ? (description.Kind == SharedObjectKind.Lock ? LockState.Of(state[1], PlaceIn(descriptor, state[1]), scope) : Of(description, state[1], (uint)state[0])) with
            {
                WaiterCount = CountSleepers(descriptor),
            }
            : null;
    }

    private static LockPlace PlaceIn(int descriptor, ulong pair)
    {
        var place = default(LockPlace);
        if (LockState.HolderOf(pair) is > 0 and var holder)
            _ = LibC.PRead(descriptor, &place, LockPlace.Length, StateBlock.LockPlacesOffset + (holder - 1) * LockPlace.Length);
        return place;
    }

    /// <summary>Maps the last page for the moment of the count, for reading, which is all that the kernel wants.</summary>
    private static int? CountSleepers(int descriptor)
    {
        int page = Environment.SystemPageSize;
        nint mapping = LibC.MMap(0, (nuint)page, Native.ProtectionRead, Native.MapShared, descriptor, StateBlock.FileLength - page);
        if (mapping == -1)
            return null;
        // SAFETY: nothing is read here. The kernel looks the word up, and refuses where the file was cut under the mapping.
        int? count = Futex.CountSleepers((uint*)(mapping + page - (nint)(StateBlock.FileLength - StateBlock.WaitWordOffset)));
        _ = LibC.MUnmap(mapping, (nuint)page);
        return count;
    }

    private static SharedObjectState Of(SegmentDescription description, ulong pair, uint maximum) => description.Kind switch
    {
        SharedObjectKind.Mutex => OfMutex(MutexWord.Word(pair)),
        SharedObjectKind.Event => OfEvent(SignalWord.Word(pair), (description.Flags & SegmentFlags.ManualReset) != 0),
        _ => new SharedObjectState
        {
            IsSignaled = (SignalWord.SecondHalf(pair) & SignalWord.CountMask) != 0,
            HasWaiters = SignalWord.HasSleepers(SignalWord.Word(pair)),
            Count = (int)(SignalWord.SecondHalf(pair) & SignalWord.CountMask),
            Maximum = (int)maximum,
        },
    };

    private static SharedObjectState OfEvent(uint word, bool isManualReset)
    {
        bool isSet = isManualReset ? (word & ManualEventWord.Set) != 0 : word == SignalWord.Signaled;
        return new SharedObjectState
        {
            IsSignaled = isSet,
            HasWaiters = !isSet && SignalWord.HasSleepers(word),
            IsManualReset = isManualReset,
        };
    }

    private static SharedObjectState OfMutex(uint word)
    {
        int thread = (int)(word & MutexWord.OwnerMask);
        return new SharedObjectState
        {
            IsSignaled = thread == 0,
            HasWaiters = (word & MutexWord.Waiters) != 0,
            IsAbandoned = (word & MutexWord.OwnerDied) != 0,
            OwnerThreadId = thread,
            OwnerProcessId = thread == 0 ? 0 : ProcessOf(thread),
        };
    }

    /// <summary>The process of a thread id, or 0: /proc/TID/status answers for every thread, though only processes are listed.</summary>
    private static int ProcessOf(int thread)
    {
        const string Label = "Tgid:";
        try
        {
            foreach (string line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{thread}/status")))
            {
                if (line.StartsWith(Label, StringComparison.Ordinal))
                    return int.Parse(line.AsSpan(Label.Length).Trim(), CultureInfo.InvariantCulture);
            }
        }
        catch (IOException)
        {
            // The thread has ended.
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's, hidden from us.
        }
        return 0;
    }
}

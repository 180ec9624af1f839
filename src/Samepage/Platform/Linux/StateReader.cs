using System.Globalization;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux;

/// <summary>Reads what a mutex, event or semaphore is doing, for people: a snapshot that is old when it is seen.</summary>
internal static unsafe class StateReader
{
    public static SharedObjectState Of(WaitBlock block)
    {
        // SYNC(inspection): a look from aside; it pairs with nothing and decides nothing.
        SharedObjectState state = Of(block.Description, SharedAtomics.Acquire(block.Pair), block.Maximum);
        GC.KeepAlive(block);
        return state;
    }

    /// <summary>The state as it lies in a file that this process has not mapped. Null: cut short while we looked.</summary>
    public static SharedObjectState? Of(int descriptor, SegmentDescription description)
    {
        ulong* state = stackalloc ulong[2];
        return LibC.PRead(descriptor, state, 16, StateBlock.MaximumOffset) == 16
            ? Of(description, state[1], (uint)state[0])
            : null;
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

using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Watching;

/// <summary>A sleep on any number of words: each is an operation of an io_uring (io_uring(7); IORING_OP_FUTEX_WAIT, 6.7), and the thread sleeps on the ring.</summary>
internal sealed unsafe class RingSleeper : ISleeper, IDisposable
{
    /// <summary>Set to "0" to run the fallback on a kernel that does not need it.</summary>
    private const string RingVariable = "SAMEPAGE_IO_URING";

    private const uint Entries = 256;
    private const uint CompletionEntries = 4096;
    private const ulong CallTag = ulong.MaxValue;
    private const ulong CancelTag = ulong.MaxValue - 1;

    private static readonly Lazy<bool> _isSupported = new(Detect);

    private readonly List<Watch?> _slots = [];
    private readonly Stack<int> _freeSlots = new();
    private Ring? _ring;
    private bool _callIsAwaited;

    public static bool IsSupported => _isSupported.Value;

    public int Capacity => int.MaxValue;

    /// <summary>The ring is the thread's own: only who made it may use it.</summary>
    public void Begin() => _ring = new Ring(Entries, CompletionEntries);

    public void Add(Watch watch, uint word)
    {
        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _slots.Count;
            _slots.Add(null);
        }
        _slots[slot] = watch;
        watch.Slot = slot;
        _ring!.WaitWhile(watch.Object.Block.Word, word, Native.Futex32Bits, (ulong)slot);
    }

    public void Remove(Watch watch) => _ring!.Cancel((ulong)watch.Slot, CancelTag);

    public void Sleep(PrivateWord calls, uint seen, in Deadline deadline, List<Watch> woken)
    {
        if (!_callIsAwaited)
        {
            FutexWaitEntry call = calls.EntryWhile(seen);
            _ring!.WaitWhile((uint*)call.Address, seen, Native.Futex32BitsPrivate, CallTag);
            _callIsAwaited = true;
        }
        _ring!.SubmitAndSleep(deadline);
        while (_ring.TryTake(out RingCompletion completion))
        {
            if (completion.Tag == CallTag)
                _callIsAwaited = false;
            else if (completion.Tag != CancelTag)
            {
                int slot = (int)completion.Tag;
                woken.Add(_slots[slot]!);
                _slots[slot] = null;
                _freeSlots.Push(slot);
            }
        }
    }

    public void Interrupt()
    {
    }

    public void Dispose() => _ring?.Dispose();

    /// <summary>A wait for a value that a word does not have ends at once with EAGAIN, where the operation is known.</summary>
    private static bool Detect()
    {
        if (Environment.GetEnvironmentVariable(RingVariable) == "0" || !Ring.TryCreate(2, 2, out Ring? ring))
            return false;
        using (ring)
        {
            uint[] word = PrivateWord.New();
            ring.WaitWhile((uint*)new PrivateWord(word).EntryWhile(0).Address, 1, Native.Futex32BitsPrivate, 0);
            ring.SubmitAndSleep(Deadline.After(TimeSpan.FromSeconds(1)));
            bool answered = ring.TryTake(out RingCompletion completion);
            GC.KeepAlive(word);
            return answered && completion.Result == -Errno.EAGAIN;
        }
    }
}

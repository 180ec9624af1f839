using Samepage.Atomics;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Watching;

/// <summary>A sleep on as many words as futex_waitv takes, or where there is none, on one.</summary>
internal sealed unsafe class WordSleeper : ISleeper
{
    private readonly List<(Watch Watch, uint Word)> _words = [];
    private nint _sleepsOn;
    private long _sleeps;

    public int Capacity => Futex.HasWaitV ? Futex.MostWords - 1 : 1;

    public void Begin()
    {
    }

    public void Add(Watch watch, uint word) => _words.Add((watch, word));

    public void Remove(Watch watch)
    {
        _words.RemoveAll(w => w.Watch == watch);
        watch.IsAsleep = false;
    }

    public void Sleep(PrivateWord calls, uint seen, in Deadline deadline, List<Watch> woken)
    {
        if (_words.Count == 0)
            _ = calls.WaitWhile(seen, deadline);
        else if (Futex.HasWaitV)
            SleepOnAll(calls, seen, deadline);
        else
            SleepOnOne(calls, seen, deadline);
        foreach ((Watch watch, _) in _words)
            woken.Add(watch);
        _words.Clear();
    }

    /// <summary>Where it sleeps on an object's word alone, that is woken until it is not slept on; others who sleep there look, and sleep on.</summary>
    public void Interrupt()
    {
        long sleep = SharedAtomics.Acquire(ref _sleeps);
        while (SharedAtomics.Acquire(ref _sleepsOn) is var word and not 0 && SharedAtomics.Acquire(ref _sleeps) == sleep)
        {
            _ = Futex.Wake((uint*)word, Futex.All);
            Thread.Yield();
        }
    }

    private void SleepOnAll(PrivateWord calls, uint seen, in Deadline deadline)
    {
        Span<FutexWaitEntry> entries = stackalloc FutexWaitEntry[_words.Count + 1];
        entries[0] = calls.EntryWhile(seen);
        for (int i = 0; i < _words.Count; i++)
            entries[i + 1] = new FutexWaitEntry { Value = _words[i].Word, Address = (ulong)_words[i].Watch.Object.Block.Word, Flags = Native.Futex32Bits };
        _ = Futex.Wait(entries, deadline);
    }

    private void SleepOnOne(PrivateWord calls, uint seen, in Deadline deadline)
    {
        (Watch watch, uint word) = _words[0];
        _ = SharedAtomics.Increment(ref _sleeps);
        // SYNC(call): pairs with Interrupt, which comes after the call: either the caller sees this, or its call is seen here.
        SharedAtomics.Exchange(ref _sleepsOn, (nint)watch.Object.Block.Word);
        if (calls.Value == seen)
            _ = Futex.Wait(watch.Object.Block.Word, word, deadline, null);
        // SYNC(call): pairs with the loop in Interrupt, which ends now.
        _ = SharedAtomics.Take(ref _sleepsOn);
    }
}

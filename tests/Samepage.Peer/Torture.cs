using System.Runtime.InteropServices;

namespace Samepage.Peer;

/// <summary>Loops that run until the process is killed or its input ends, and say at once when they see what must never be.</summary>
internal static class Torture
{
    /// <summary>
    /// Opens and closes one name as fast as it can. Whatever others do or die of: who holds the section finds it by its name, finds the same
    /// one, and never sees what an earlier one left behind.
    /// </summary>
    public static string Lifetime(string name)
    {
        Task ended = InputEnds();
        long rounds = 0;
        while (!ended.IsCompleted)
        {
            using SharedMemory first = SharedMemory.CreateOrOpen(name, 4096, out bool created);
            using MemoryView view = first.Map();
            // Only whoever made the section writes here, so what the maker finds is what it was made with.
            ref long maker = ref view.GetReference<long>(0);
            if (created && Interlocked.CompareExchange(ref maker, Random.Shared.NextInt64(1, long.MaxValue), 0) != 0)
                return "FAULT a new section was not zero";
            if (!SharedMemory.TryOpen(name, out SharedMemory? second))
                return "FAULT a section that is held was not found";
            using (second)
            using (MemoryView other = second.Map())
            {
                long mark = Random.Shared.NextInt64();
                long slot = 64 + 8 * (Environment.ProcessId % 400);
                Volatile.Write(ref view.GetReference<long>(slot), mark);
                if (Volatile.Read(ref other.GetReference<long>(slot)) != mark)
                    return "FAULT two handles of one name are two sections";
            }
            rounds++;
        }
        return $"{rounds} rounds";
    }

    /// <summary>Two numbers that change together under a mutex; only a death may leave them apart, and then the next owner knows.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Ledger
    {
        public long First;
        public long Second;
        public int Inside;
    }

    /// <summary>Mutual exclusion and the telling of abandonment, for as long as others are killed around it.</summary>
    public static string Exclusion(string name)
    {
        Task ended = InputEnds();
        using SharedMutex mutex = SharedMutex.CreateOrOpen(name);
        using SharedMemory section = SharedMemory.CreateOrOpen(name + "-ledger", 4096);
        using MemoryView view = section.Map();
        long rounds = 0, abandoned = 0;
        while (!ended.IsCompleted)
        {
            WaitResult result = mutex.Wait(TimeSpan.FromSeconds(20));
            ref Ledger ledger = ref view.GetReference<Ledger>();
            if (result == WaitResult.TimedOut)
                return "FAULT nobody handed the mutex on";
            if (result == WaitResult.Abandoned)
            {
                abandoned++;
                ledger.Second = ledger.First;
                ledger.Inside = 0;
            }
            if (ledger.Inside != 0)
                return "FAULT two owners at once";
            if (ledger.First != ledger.Second)
                return "FAULT half a change, and nobody was told";
            ledger.Inside = 1;
            ledger.First++;
            ledger.Second++;
            ledger.Inside = 0;
            mutex.Release();
            rounds++;
        }
        return $"{rounds} rounds {abandoned} abandoned";
    }

    /// <summary>
    /// Takes one permit of the first two or of the last two of three semaphores, one after the other, for ever. Whoever counts what is left at the
    /// end knows whether half a pair was ever taken.
    /// </summary>
    public static string Pairs(string name)
    {
        Task ended = InputEnds();
        SharedSemaphore[] three = [SharedSemaphore.Open(name + "-a"), SharedSemaphore.Open(name + "-b"), SharedSemaphore.Open(name + "-c")];
        long taken = 0;
        while (!ended.IsCompleted)
        {
            SharedWaitable[] pair = taken % 2 == 0 ? [three[0], three[1]] : [three[2], three[1]];
            if (SharedWait.All(pair, TimeSpan.FromMilliseconds(20)).Result == WaitResult.Signaled)
                taken++;
        }
        foreach (SharedSemaphore semaphore in three)
            semaphore.Dispose();
        return $"{taken} pairs";
    }

    private static Task InputEnds() => Task.Run(() =>
    {
        while (Console.ReadLine() is { } line && line != "stop")
        {
        }
    });
}

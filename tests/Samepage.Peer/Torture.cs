using System.Runtime.InteropServices;
using Samepage.Channels;

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

    /// <summary>Writes values of any length.</summary>
    public static string WriteCell(string name)
    {
        Task ended = InputEnds();
        using Cell cell = Cell.Open(name);
        long written = 0;
        for (; !ended.IsCompleted; written++)
            cell.Write(CellCommands.Value(written % 3 == 0 ? Random.Shared.Next(CellCommands.Capacity) : Random.Shared.Next(100)));
        return $"{written} written";
    }

    /// <summary>Reads as fast as it can, by turns as one who was overtaken, and sees whole values, none older than one it has seen.</summary>
    public static string ReadCell(string name)
    {
        Task ended = InputEnds();
        using Cell cell = Cell.Open(name);
        var room = new byte[CellCommands.Capacity];
        ulong seen = 0;
        long read = 0;
        for (; !ended.IsCompleted; read++)
        {
            int length;
            ulong number;
            _ = read % 2 == 0 ? cell.TryRead(room, out length, out number) : cell.Slots.TryReadPinned(room, out length, out number, cell.Core.Pin);
            if (CellCommands.Described(room.AsSpan(0, length)) == CellCommands.Torn)
                return $"FAULT value {number} of {length} bytes is torn";
            if (number < seen)
                return $"FAULT value {number} came after {seen}";
            seen = number;
        }
        return $"{read} read, the last was {seen}";
    }

    /// <summary>Publishes numbers from 0 on, of any length, in batches now and then. Each message says who sent it.</summary>
    public static string Publish(string name, long id)
    {
        Task ended = InputEnds();
        using Topic topic = Topic.Open(name);
        using TopicPublisher publisher = topic.CreatePublisher();
        var message = new byte[2_000];
        long number = 0;
        while (!ended.IsCompleted)
        {
            using TopicPublisher.Batch batch = number % 5 == 0 ? publisher.BeginBatch() : default;
            for (int i = 0; i < 10; i++)
            {
                BitConverter.TryWriteBytes(message, id);
                BitConverter.TryWriteBytes(message.AsSpan(8), number);
                int length = Random.Shared.Next(16, number % 50 == 0 ? message.Length : 100);
                // Not for ever: nobody may be left who reads when all end.
                while (!publisher.TryPublish(message.AsSpan(0, length)) && !ended.IsCompleted)
                    _ = publisher.WaitToPublish(TimeSpan.FromSeconds(1));
                if (ended.IsCompleted)
                    break;
                number++;
            }
        }
        return $"{number} published";
    }

    /// <summary>Sees each publisher's messages in order, and from the first that it sees on none is missing.</summary>
    public static string Subscribe(string name)
    {
        Task ended = InputEnds();
        using Topic topic = Topic.Open(name);
        using TopicSubscriber subscriber = topic.Subscribe();
        var next = new Dictionary<long, long>();
        long seen = 0;
        while (!ended.IsCompleted)
        {
            _ = subscriber.WaitToRead(TimeSpan.FromMilliseconds(100));
            while (subscriber.TryRead(out TopicMessage message))
            {
                long id = BitConverter.ToInt64(message.Span), number = BitConverter.ToInt64(message.Span[8..]);
                if (next.TryGetValue(id, out long expected) && number != expected)
                    return $"FAULT of {id} came {number} instead of {expected}";
                next[id] = number + 1;
                seen++;
                if (ended.IsCompleted)
                    break;
            }
        }
        return subscriber.Missed == 0 ? $"{seen} seen" : $"FAULT {subscriber.Missed} missed";
    }

    private static Task InputEnds() => Task.Run(() =>
    {
        while (Console.ReadLine() is { } line && line != "stop")
        {
        }
    });
}

using Samepage.Bench.Cases;

namespace Samepage.Bench.Rivals.NamedMutexAndFile;

/// <summary>One message at a time lies in the file, behind a word that says whose it is. Both are touched under the mutex only.</summary>
internal readonly unsafe struct MappedEnd(Mutex mutex, byte* memory, bool first) : IRivalEnd
{
    private const ulong Nobodys = 0, Firsts = 1, Seconds = 2;

    /// <summary>A cache line for the word.</summary>
    private const int Head = 64;

    public static long LengthFor(int size) => Head + size;

    public void Send(int length, ulong number)
    {
        _ = mutex.WaitOne();
        Words.Fill(new Span<byte>(memory + Head, length), number);
        *(ulong*)memory = first ? Seconds : Firsts;
        mutex.ReleaseMutex();
    }

    public ulong Receive(int length)
    {
        // Between two looks the other side gets a chance at the mutex; nobody sleeps.
        ulong number;
        for (var between = new SpinWait(); !TryReceive(length, out number); between.SpinOnce(sleep1Threshold: -1))
        {
        }
        return number;
    }

    private bool TryReceive(int length, out ulong number)
    {
        _ = mutex.WaitOne();
        bool isMine = *(ulong*)memory == (first ? Firsts : Seconds);
        number = 0;
        if (isMine)
        {
            number = Words.Read(new ReadOnlySpan<byte>(memory + Head, length));
            *(ulong*)memory = Nobodys;
        }
        mutex.ReleaseMutex();
        return isMine;
    }
}

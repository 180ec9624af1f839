using System.IO.MemoryMappedFiles;
using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>The latest value of 64 bytes as .NET alone has it between processes: in a mapped file, under a named <see cref="Mutex"/>.</summary>
internal static class LockedValue
{
    private const int Size = 64;

    /// <summary>Values between two looks of the writer at whether the reader is through.</summary>
    private const int Batch = 16;

    /// <summary>One of the two sides: the first reads, the second writes.</summary>
    public static void Serve(string name, bool first)
    {
        string path = Path.Combine(OperatingSystem.IsLinux() ? "/dev/shm" : Path.GetTempPath(), name);
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Size);
        // Both have it open by the time at which the second is there.
        if (!first)
            File.Delete(path);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor();
        using var mutex = new Mutex(initiallyOwned: false, $"{name}-mutex");
        using Cell<long> finished = Cell<long>.CreateOrOpen($"{name}-finished");
        byte[] value = new byte[Size];
        long round = 0;
        ulong number = 0;
        PeerLoop.ServeRoundTrips(first
            ? count =>
            {
                for (long i = 0; i < count; i++)
                    Read(mutex, view, value);
                finished.Write(++round);
            }
        : _ =>
        {
            for (round++; finished.Value < round;)
            {
                for (int i = 0; i < Batch; i++)
                    Write(mutex, view, value, ++number);
            }
        });
    }

    private static void Read(Mutex mutex, MemoryMappedViewAccessor view, byte[] value)
    {
        _ = mutex.WaitOne();
        _ = view.ReadArray(0, value, 0, Size);
        mutex.ReleaseMutex();
        if (value[0] != value[Size - 8])
            throw new InvalidOperationException("Half of one value and half of another were read.");
    }

    private static void Write(Mutex mutex, MemoryMappedViewAccessor view, byte[] value, ulong number)
    {
        Words.Fill(value, number);
        _ = mutex.WaitOne();
        view.WriteArray(0, value, 0, Size);
        mutex.ReleaseMutex();
    }
}

using System.IO.MemoryMappedFiles;
using System.Text;

namespace Samepage.Hostile;

internal enum Phase : long
{
    /// <summary>Objects are being made or given up: nobody writes into them.</summary>
    Making,

    /// <summary>The objects are there, and nobody uses them: the driver may write, and says so when it is done.</summary>
    Ready,

    InUse,
}

/// <summary>What the driver and a victim tell each other, in memory of their own that nobody attacks.</summary>
/// <remarks>Words: epoch, phase, answered epoch, stop, epochs done, descriptors; from 32 on errors by reason; from 512 on 128 bytes for each thread.</remarks>
internal sealed unsafe class ControlPage : IDisposable
{
    public const int Threads = 4;
    private const int Length = 4096, FirstReason = 32, Reasons = 24, FirstThread = 512, ThreadLength = 128, NameCapacity = 96;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _page;

    public ControlPage(string path, bool create)
    {
        using var stream = new FileStream(path, create ? FileMode.Create : FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (create)
            stream.SetLength(Length);
        _file = MemoryMappedFile.CreateFromFile(stream, null, Length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _page);
    }

    private ref long Word(int index) => ref ((long*)_page)[index];

    public long Epoch { get => Volatile.Read(ref Word(0)); set => Volatile.Write(ref Word(0), value); }

    public Phase Phase { get => (Phase)Volatile.Read(ref Word(1)); set => Volatile.Write(ref Word(1), (long)value); }

    /// <summary>The epoch whose objects the driver has seen.</summary>
    public long Answered { get => Volatile.Read(ref Word(2)); set => Volatile.Write(ref Word(2), value); }

    public bool Stop { get => Volatile.Read(ref Word(3)) != 0; set => Volatile.Write(ref Word(3), value ? 1 : 0); }

    public long Done { get => Volatile.Read(ref Word(4)); set => Volatile.Write(ref Word(4), value); }

    public void Count(FailureReason reason) => Interlocked.Increment(ref Word(FirstReason + (int)reason));

    public long Counted(FailureReason reason) => Volatile.Read(ref Word(FirstReason + (int)reason));

    /// <summary>Refusals of a call that the object's state did not allow.</summary>
    public void CountMisuse() => Interlocked.Increment(ref Word(FirstReason + Reasons));

    public long Misuses => Volatile.Read(ref Word(FirstReason + Reasons));

    private ref long Operations(int thread) => ref *(long*)(_page + FirstThread + thread * ThreadLength);

    /// <summary>Odd: it is in the midst of one.</summary>
    public long OperationsOf(int thread) => Volatile.Read(ref Operations(thread));

    public long AllOperations
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < Threads; i++)
                sum += OperationsOf(i);
            return sum / 2;
        }
    }

    public void Begin(int thread, string name)
    {
        byte* text = _page + FirstThread + thread * ThreadLength + 16;
        int length = Encoding.UTF8.GetBytes(name.AsSpan(0, Math.Min(name.Length, NameCapacity)), new Span<byte>(text, NameCapacity));
        text[-1] = (byte)length;
        Interlocked.Increment(ref Operations(thread));
    }

    public void End(int thread) => Interlocked.Increment(ref Operations(thread));

    public string NameOf(int thread)
    {
        byte* text = _page + FirstThread + thread * ThreadLength + 16;
        return Encoding.UTF8.GetString(text, text[-1]);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}

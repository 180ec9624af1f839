using System.IO.MemoryMappedFiles;

namespace Samepage.Bench.Rivals.NamedMutexAndFile;

/// <summary>What one would build of .NET's own parts: a file in memory that both map, guarded by a named mutex. There is nothing to wait for a message with, so both look again and again.</summary>
internal sealed class NamedMutexAndFileRival : OwnRival
{
    private const string MemoryFiles = "/dev/shm";

    public override string Name => "named Mutex and mapped file";

    public override bool Can(Job job) => job is { Kind: JobKind.RoundTrip, Blocks: false };

    public override unsafe void Serve(Job job, string name, bool first)
    {
        string path = Path.Combine(Directory.Exists(MemoryFiles) ? MemoryFiles : Path.GetTempPath(), $"{name}.mapped");
        using var mutex = new Mutex(initiallyOwned: false, name);
        using var file = MemoryMappedFile.CreateFromFile(path, first ? FileMode.CreateNew : FileMode.Open, mapName: null, MappedEnd.LengthFor(job.Size));
        using MemoryMappedViewAccessor view = file.CreateViewAccessor();
        if (!first)
            File.Delete(path);
        byte* memory = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        var end = new MappedEnd(mutex, memory, first);
        RivalLoop.Serve(job, first, () => end);
        view.SafeMemoryMappedViewHandle.ReleasePointer();
    }
}

using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>Making, opening, mapping and closing a small named section: what it costs to know a name and who holds it.</summary>
internal sealed class SectionLifetime : Suite
{
    private const int Size = 4096;

    public SectionLifetime()
    {
        string name = UniqueName("section");
        string existing = UniqueName("existing-section");
        _ = Own(SharedMemory.Create(existing, Size));
        var create = CountedContender.InProcess("SharedMemory.Create", n => CreateLoop(name, n));
        var open = CountedContender.InProcess("SharedMemory.Open", n => OpenLoop(existing, n));
        PeerProcess? rival = null;
        Contender Rival(string title, string verb) => Reference(title, Unit.Nanoseconds, "section", path =>
            CountedContender.InPeer(title, rival ??= Own(PeerProcess.Reference(path, null, $"/{name}")), verb));
        Comparisons =
        [
            new("section, 4 KiB: create + map + unmap + close", create,
                Rival("shm_open, ftruncate, mmap, munmap, shm_unlink, close (C)", "create"), Target.AtMost(2.0)) { MustNotAllocate = false },
            new("section, 4 KiB: the same, memory reserved", create,
                Rival("as above with posix_fallocate for ftruncate (C)", "commit"), null) { MustNotAllocate = false },
            new("section, 4 KiB: open + map + unmap + close", open,
                Rival("shm_open, mmap, munmap, close (C)", "open"), null) { MustNotAllocate = false },
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    private static void CreateLoop(string name, long operations)
    {
        for (long i = 0; i < operations; i++)
        {
            using SharedMemory section = SharedMemory.Create(name, Size);
            using MemoryView view = section.Map();
        }
    }

    private static void OpenLoop(string name, long operations)
    {
        for (long i = 0; i < operations; i++)
        {
            using SharedMemory section = SharedMemory.Open(name);
            using MemoryView view = section.Map();
        }
    }
}

using Samepage.Tests.Support;

namespace Samepage.Tests.Bounds;

/// <summary>Sections beyond what 32 bits count.</summary>
public sealed class HugeSectionTests
{
    private const long Size = 5L << 30;

    private static readonly long[] _boundaries = [0, (1L << 31) - 4, (1L << 32) - 4, (1L << 32) + 4, Size - 8];

    [Fact]
    public void Five_GiB_are_one_section()
    {
        Assert.SkipUnless(new DriveInfo("/dev/shm").AvailableFreeSpace > Size + (1L << 30), "It takes 6 GiB of free shared memory.");
        using SharedMemory section = SharedMemory.Create(Scene.NewName(), Size);
        Assert.Equal(Size, section.Size);
        using MemoryView all = section.Map();
        Assert.Equal(Size, all.Length);
        foreach (long boundary in _boundaries)
            all.GetSpan(boundary, 8).Fill((byte)(boundary >> 24 ^ boundary));
        using SharedMemory same = SharedMemory.Open(section.Name!);
        foreach (long boundary in _boundaries)
        {
            using MemoryView part = same.Map(boundary, 8);
            Assert.Equal(Enumerable.Repeat((byte)(boundary >> 24 ^ boundary), 8), part.GetSpan(0, 8).ToArray());
        }
        Scene.Refusal(FailureReason.OutOfRange, () => all.GetSpan(Size - 7, 8));
        Scene.Refusal(FailureReason.OutOfRange, () => same.Map(Size - 7, 8));
    }
}

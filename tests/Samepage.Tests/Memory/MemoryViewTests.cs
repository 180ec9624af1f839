using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Samepage.Tests.Support;

namespace Samepage.Tests.Memory;

public sealed class MemoryViewTests
{
    private const int Unit = 65536;

    [Fact]
    public void Memory_of_a_view_reads_and_writes_it()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(1000);
        using MemoryView view = section.Map(100);
        Memory<byte> memory = view.GetMemory(10, 20);
        memory.Span.Fill(5);
        Assert.Equal((0, 5, 5, 0), (view.Span[9], view.Span[10], view.Span[29], view.Span[30]));
        Assert.Equal(900, view.Memory.Length);
        Assert.Equal(5, view.Memory[10..].Span[0]);
        Assert.Equal(20, memory[..20].ToArray().Length);
    }

    [Fact]
    public void Memory_throws_once_its_view_is_unmapped()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(1000);
        MemoryView view = section.Map();
        Memory<byte> memory = view.Memory;
        view.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        Assert.Throws<ObjectDisposedException>(() => memory.ToArray());
        Assert.Throws<ObjectDisposedException>(() => view.Memory);
    }

    [Fact]
    public unsafe void Pinned_memory_keeps_the_view_mapped_until_its_last_pin_is_released()
    {
        string name = Scene.NewName();
        MemoryView view;
        using (SharedMemory section = SharedMemory.Create(name, Unit))
            view = section.Map();
        Memory<byte> memory = view.GetMemory(100, 10);
        MemoryHandle first = memory.Pin();
        MemoryHandle second = memory[5..].Pin();
        Assert.Equal(view.Address + 105, (nint)second.Pointer);
        view.Dispose();
        // Refused to new use, but there for those who hold a pin, and so is the section.
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        *(byte*)first.Pointer = 1;
        first.Dispose();
        first.Dispose();
        *(byte*)second.Pointer = 2;
        Assert.True(SharedMemory.Exists(name));
        Assert.True(IsMapped((nint)second.Pointer));
        nint address = (nint)second.Pointer;
        second.Dispose();
        Assert.False(SharedMemory.Exists(name));
        Assert.False(IsMapped(address) && OpenFiles.Any(name));
    }

    [Fact]
    public void Memory_beyond_the_view_is_refused()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(1000);
        using MemoryView view = section.Map();
        Scene.Refusal(FailureReason.OutOfRange, () => view.GetMemory(990, 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.GetMemory(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.GetMemory(0, -1));
        Assert.True(view.GetMemory(1000, 0).IsEmpty);
    }

    [Fact]
    public void Values_lie_where_they_are_asked_for()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(1000);
        using MemoryView view = section.Map();
        view.GetReference<long>(8) = 0x0102030405060708;
        Assert.Equal(8, view.Span[8]);
        Assert.Equal(0x0102030405060708, view.GetReadOnlyReference<long>(8));
        view.GetSpan<int>(100, 3)[2] = 9;
        Assert.Equal(9, view.GetReadOnlySpan<int>(100, 3)[2]);
        Assert.Equal(9, view.Span[108]);
        Assert.True(Unsafe.AreSame(ref view.Span[8], ref Unsafe.As<long, byte>(ref view.GetReference<long>(8))));
        Assert.Equal((nint)8, Unsafe.ByteOffset(ref MemoryMarshal.GetReference(view.Span), ref view.Span[8]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failure_of_the_system_names_the_section_also_after_its_handle_was_closed(bool named)
    {
        string path = Path.Combine(Path.GetTempPath(), Scene.NewName());
        File.WriteAllBytes(path, new byte[4 * Unit]);
        try
        {
            string? name = named ? Scene.NewName() : null;
            MemoryView view;
            using (SharedMemory section = SharedMemory.CreateFromFile(path, name))
                view = section.Map();
            using (view)
            {
                using (FileStream cut = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    cut.SetLength(0);
                // The pages are gone; the descriptor is, too, where no name is kept alive by it.
                var refused = Assert.Throws<SharedObjectException>(() => view.Prefetch(0, Unit));
                Assert.Equal(name, refused.ObjectName);
                Assert.Contains("Prefetching", refused.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_view_that_was_forgotten_is_unmapped_and_gives_its_section_up()
    {
        string name = Scene.NewName();
        Forget(name);
        for (int i = 0; i < 50 && SharedMemory.Exists(name); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(SharedMemory.Exists(name));
    }

    [Fact]
    public void Many_threads_may_map_and_unmap_one_section()
    {
        string name = Scene.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4 * Unit);
        Parallel.For(0, 2_000, i =>
        {
            using MemoryView view = section.Map(i % 100, 1000);
            view.Span[i % 1000] = 1;
            using SharedMemory other = SharedMemory.Open(name);
            using MemoryView same = other.Map();
            _ = same.Query(i);
        });
        Assert.True(SharedMemory.Exists(name));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(string name)
    {
        SharedMemory section = SharedMemory.Create(name, Unit);
        MemoryView view = section.Map();
        view.Span[0] = 1;
    }

    private static bool IsMapped(nint address) => File.ReadLines("/proc/self/maps").Any(line =>
    {
        string[] ends = line.Split(' ')[0].Split('-');
        return address >= nint.Parse(ends[0], System.Globalization.NumberStyles.HexNumber, null)
            && address < nint.Parse(ends[1], System.Globalization.NumberStyles.HexNumber, null);
    });
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Samepage.Guide;

#region memory-struct
[StructLayout(LayoutKind.Sequential)]
internal struct Frame { public int Version; public int Width; public int Height; public long Number; }
#endregion

public sealed class SharedMemoryPage : Page
{
    [Fact]
    public void Two_programs_one_name()
    {
        #region memory-one
        using SharedMemory section = SharedMemory.Create("zzj", 4096);
        using MemoryView view = section.Map();
        view.Span[0] = 42;
        #endregion
        OtherProgram();
    }

    private static void OtherProgram()
    {
        #region memory-other
        using SharedMemory section = SharedMemory.Open("zzj");     // its size need not be known
        using MemoryView view = section.Map();
        Console.WriteLine(view.Span[0]);
        #endregion
        Assert.Equal(42, view.Span[0]);
    }

    [Fact]
    public void A_struct_and_what_is_behind_it()
    {
        using SharedMemory section = SharedMemory.Create("film", 65536);
        using MemoryView view = section.Map();
        view.GetReference<Frame>() = new Frame { Version = 1, Width = 32, Height = 16, Number = 1 };
        #region memory-struct-use
        ref Frame frame = ref view.GetReference<Frame>();
        Span<byte> pixels = view.GetSpan(4096, frame.Width * frame.Height * 4);
        #endregion
        Assert.Equal(2048, pixels.Length);
    }

    [Fact]
    public void What_grows()
    {
        #region memory-reserve
        var options = new SharedMemoryOptions { Reserve = true, InitialCommit = 1 << 20 };
        using SharedMemory section = SharedMemory.Create("log", 1L << 36, options);
        section.Commit(2 << 20);                                   // everyone sees it, at the addresses they have
        #endregion
    }

    [Fact]
    public void A_ring()
    {
        byte[] record = [1, 2, 3, 4];
        long length = SharedMemory.MappingGranularity;
        long position = 3 * length - 2;
        using SharedMemory section = SharedMemory.CreateAnonymous(length);
        #region memory-mirrored
        using MemoryView ring = section.MapMirrored();             // twice the length: byte i and byte length + i are the same
        record.CopyTo(ring.GetSpan(position % length, record.Length));     // never wraps, wherever the record begins
        #endregion
        Assert.Equal([3, 4], ring.GetSpan(0, 2).ToArray());
    }

    /// <summary>Only compiled: the child is a program of the reader.</summary>
    private static void Child()
    {
        #region memory-handle
        using SharedMemory section = SharedMemory.CreateAnonymous(4096);
        using LentHandle handle = section.GetClientHandle();
        Process.Start("child", handle.Text);                       // the child: SharedMemory.OpenHandle(args[0])
        #endregion
    }
}

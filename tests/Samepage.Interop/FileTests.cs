namespace Samepage.Interop;

/// <summary>Sections over one disk file, shared with a Win32 program.</summary>
public sealed class FileTests
{
    [Fact]
    public void A_file_mapped_in_C_is_opened_here_by_the_sections_name()
    {
        using var file = new TemporaryFile([1, 2, 3, 4, 5]);
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"file {file.Path} {name} {0}");
        c.Do($"map {0} {Win32.MapAll}");
        using (SharedMemory section = SharedMemory.Open(name))
        {
            using MemoryView view = section.Map();
            // Of a file the system knows the size to the byte.
            Assert.Equal(5, section.Size);
            Assert.Equal(new byte[] { 1, 2, 3, 4, 5 }, view.ReadOnlySpan.ToArray());
            c.Do($"write {0} {"FE"}");
            Assert.Equal(0xFE, view.ReadOnlySpan[0]);
            view.Span[4] = 0xEF;
            Assert.Equal("EF", c.Do($"read {4} {1}"));
            view.Flush();
        }
        c.Do($"flush");
        c.Kill();
        Assert.Equal(new byte[] { 0xFE, 2, 3, 4, 0xEF }, file.Content);
    }

    [Fact]
    public void A_file_mapped_here_is_opened_in_C_by_the_sections_name()
    {
        using var file = new TemporaryFile([9, 8, 7]);
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        using (SharedMemory section = SharedMemory.CreateFromFile(file.Path, name, 10_000))
        {
            using MemoryView view = section.Map();
            c.Do($"open {name} {Win32.MapAll}");
            c.Do($"map {0} {Win32.MapAll}");
            Assert.Equal("090807", c.Do($"read {0} {3}"));
            c.Do($"write {9_999} {"AB"}");
            Assert.Equal(0xAB, view.ReadOnlySpan[9_999]);
        }
        c.Do($"flush");
        c.Kill();
        byte[] content = file.Content;
        Assert.Equal((10_000, 9, 0xAB), (content.Length, content[0], content[9_999]));
    }

    [Fact]
    public void A_file_mapped_in_C_for_reading_is_for_reading_here()
    {
        using var file = new TemporaryFile([1, 2, 3]);
        string name = Win32.NewName();
        using ForeignProgram c = ForeignProgram.Start("section");
        c.Do($"readfile {file.Path} {name}");
        Win32.Refusal(FailureReason.AccessDenied, () => SharedMemory.Open(name));
        using SharedMemory section = SharedMemory.Open(name, MemoryAccess.Read);
        Assert.Equal((MemoryAccess.Read, MemoryAccess.Read), (section.Access, section.Info.Protection));
        Win32.Refusal(FailureReason.AccessDenied, () => section.Map(0, 0, MemoryAccess.ReadWrite));
        using MemoryView copy = section.Map(0, 0, MemoryAccess.CopyOnWrite);
        copy.Span[0] = 9;
        Assert.Equal(1, file.Content[0]);
    }

    [Fact]
    public void A_file_that_is_mapped_here_cannot_be_cut_in_C()
    {
        using var file = new TemporaryFile(new byte[10_000]);
        using ForeignProgram c = ForeignProgram.Start("section");
        using (SharedMemory section = SharedMemory.CreateFromFile(file.Path))
        {
            using MemoryView view = section.Map();
            Assert.Equal(Win32.UserMappedFile, c.Refused($"cut {file.Path} {100}"));
            Assert.Equal(0, view.ReadOnlySpan[9_999]);
        }
        c.Do($"cut {file.Path} {100}");
        Assert.Equal(100, file.Content.Length);
    }

    /// <summary>A file on disk for the time of one test.</summary>
    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(byte[] content) => File.WriteAllBytes(Path, content);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"samepage-{Guid.NewGuid():N}.bin");

        public byte[] Content
        {
            get
            {
                using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return content;
            }
        }

        public void Dispose() => File.Delete(Path);
    }
}

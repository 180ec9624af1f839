namespace Samepage.Tests.Memory;

public sealed class MemoryViewStreamTests
{
    [Fact]
    public void A_stream_reads_writes_and_seeks_in_its_view()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(100);
        using MemoryView view = section.Map(10, 50);
        using Stream stream = view.AsStream();
        Assert.Equal((50, 0, true, true, true), (stream.Length, stream.Position, stream.CanRead, stream.CanSeek, stream.CanWrite));
        stream.Write([1, 2, 3]);
        Assert.Equal(3, stream.Position);
        Assert.Equal(new byte[] { 1, 2, 3 }, view.Span[..3].ToArray());
        Assert.Equal(1, stream.Seek(-2, SeekOrigin.Current));
        Assert.Equal(2, stream.ReadByte());
        Assert.Equal(48, stream.Seek(-2, SeekOrigin.End));
        var buffer = new byte[10];
        Assert.Equal(2, stream.Read(buffer, 5, 5));
        Assert.Equal(0, stream.Read(buffer, 0, 10));
        Assert.Equal(-1, stream.ReadByte());
        stream.Position = 1_000;
        Assert.Equal(0, stream.Read(buffer));
        stream.Flush();
    }

    [Fact]
    public void Writing_past_the_end_writes_nothing()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(10);
        using MemoryView view = section.Map();
        using Stream stream = view.AsStream();
        stream.Position = 8;
        Assert.Throws<IOException>(() => stream.Write([1, 2, 3]));
        Assert.Equal(8, stream.Position);
        Assert.Equal(-1, view.Span.IndexOfAnyExcept((byte)0));
        stream.Write([1, 2]);
        stream.Write([]);
        Assert.Throws<IOException>(() => stream.WriteByte(3));
    }

    [Fact]
    public void What_a_section_cannot_do_is_refused()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(10);
        using MemoryView view = section.Map();
        using Stream stream = view.AsStream();
        Assert.Throws<NotSupportedException>(() => stream.SetLength(20));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Position = -1);
        Assert.Throws<IOException>(() => stream.Seek(-1, SeekOrigin.Begin));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Seek(0, (SeekOrigin)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Read(new byte[2], 1, 2));
        Assert.Throws<ArgumentNullException>(() => stream.Write(null!, 0, 0));
    }

    [Fact]
    public void A_stream_of_a_view_that_was_unmapped_refuses_its_use()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(10);
        MemoryView view = section.Map();
        using Stream stream = view.AsStream();
        view.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => stream.WriteByte(1));
    }

    [Fact]
    public void Closing_a_stream_leaves_its_view_to_the_caller()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(10);
        using MemoryView view = section.Map();
        view.AsStream().Dispose();
        view.Span[0] = 1;
        Assert.Equal(1, view.Span[0]);
    }
}

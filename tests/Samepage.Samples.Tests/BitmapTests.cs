using System.Buffers.Binary;

namespace Samepage.Samples.Tests;

/// <summary>W62: a file of any size, out again identically, also while it is replaced and whoever dies.</summary>
public sealed class BitmapTests : SampleTests
{
    private readonly string _small;
    private readonly string _large;
    private readonly string _png;

    public BitmapTests()
        : base("Bitmap")
    {
        // Beside the shared objects, and removed with them.
        _small = Bmp("small.bmp", 17, 5);
        _large = Bmp("large.bmp", 1600, 1201);
        _png = Path.Combine(Root, "picture.png");
        byte[] png = new byte[50_001];
        new Random(62).NextBytes(png);
        ((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]).CopyTo(png, 0);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 640);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 480);
        File.WriteAllBytes(_png, png);
    }

    [Fact]
    public void W62_what_was_put_is_written_out_identically_as_often_as_one_likes()
    {
        _ = Put(_large);

        for (int time = 0; time < 3; time++)
            Assert.Equal(_large, Got());
    }

    [Fact]
    public void W62_it_tells_size_and_dimensions()
    {
        Sample holder = Put(_small);
        Assert.Contains($"{new FileInfo(_small).Length} bytes, BMP of 17 x 5", Info(), StringComparison.Ordinal);
        Replace(holder, _png, 2);
        Assert.Contains("50001 bytes, PNG of 640 x 480", Info(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    public void W62_any_bytes_of_any_size(int size)
    {
        string file = Path.Combine(Root, "bytes");
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        File.WriteAllBytes(file, bytes);
        Sample holder = Put(file);

        Assert.Contains("neither BMP nor PNG", holder.Output.Text, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(Get()!));
    }

    [Fact]
    public void W62_replaced_by_another_size_in_the_same_process_and_in_another()
    {
        Sample holder = Put(_small);
        Replace(holder, _large, 2);
        Assert.Equal(_large, Got());
        Sample second = Put(_png);
        Assert.Equal(_png, Got());
        Replace(holder, _small, 4);
        Assert.Equal(_small, Got());

        second.EndInput().Ends(0);
        Assert.Equal(_small, Got());
    }

    [Fact]
    public void W62_a_file_that_cannot_be_read_replaces_nothing()
    {
        Sample holder = Put(_small);
        holder.Write(Path.Combine(Root, "there is none") + "\n");
        holder.Remarks.WaitFor("The bitmap is still the one before.");

        Assert.Equal(_small, Got());
        Start("put", Path.Combine(Root, "there is none")).Ends(1);
        Assert.Equal(_small, Got());
    }

    [Fact]
    public void W62_without_a_writer_there_is_no_bitmap()
    {
        Start("info").Ends(2);
        Start("get", Path.Combine(Root, "out")).Ends(2);
        Put(_small).EndInput().Ends(0);
        Start("info").Ends(2);

        Assert.DoesNotContain(Objects, file => Path.GetFileName(file).StartsWith("Bitmap", StringComparison.Ordinal));
    }

    [Fact]
    public void W62_readers_never_get_a_mixture_while_it_is_replaced()
    {
        Sample holder = Put(_large);
        var replacing = new Thread(() =>
        {
            for (int version = 2; !holder.HasEnded; version++)
                holder.Write(((string[])[_small, _large, _png])[version % 3] + "\n");
        })
        { IsBackground = true };
        replacing.Start();

        var got = new HashSet<string>();
        for (int round = 0; round < 12; round++)
        {
            (string path, Sample reader)[] readers = [.. Enumerable.Range(0, 3).Select(_ => StartGet())];
            foreach ((string path, Sample reader) in readers)
            {
                reader.Ends(0);
                got.Add(Known(path));
            }
        }

        holder.Kill();
        replacing.Join();
        Assert.True(got.Count > 1, "Nothing was replaced.");
        Assert.Empty(Directory.GetFiles(Root, "*.part"));
    }

    [Fact]
    public void W62_a_writer_killed_at_any_moment_leaves_no_mixture()
    {
        Sample holder = Put(_small);
        int whole = 0;
        for (int delay = 30; delay < 150; delay += 8)
        {
            Sample victim = Start("put", _large);
            (string path, Sample reader) = StartGet();
            // Not to wait for anything: moments at which to kill, from before the first line of the program to after its last.
            Thread.Sleep(delay);
            victim.Kill();

            if (reader.Wait() == 0)
            {
                _ = Known(path);
                whole++;
            }
            else
                reader.Ends(2);
            // Either it died before it had replaced anything, or it took the new bitmap with it.
            string? after = Get();
            if (after is null)
                Replace(holder, _small, version: null);
            else
                Assert.Equal(_small, Known(after));
        }
        Assert.True(whole > 0, "No reader got anything.");
        Assert.Equal(_small, Got());
    }

    [Fact]
    public void W62_a_reader_killed_at_any_moment_leaves_no_half_file_under_the_name()
    {
        _ = Put(_large);
        for (int delay = 40; delay < 120; delay += 10)
        {
            (string path, Sample reader) = StartGet();
            Thread.Sleep(delay);
            reader.Kill();
            if (File.Exists(path))
                Assert.Equal(_large, Known(path));
        }
        Assert.Equal(_large, Got());
    }

    private string Bmp(string name, int width, int height)
    {
        byte[] file = new byte[54 + (width * 3 + 3) / 4 * 4 * height];
        new Random(width).NextBytes(file);
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        string path = Path.Combine(Root, name);
        File.WriteAllBytes(path, file);
        return path;
    }

    private Sample Put(string file)
    {
        Sample holder = Start("put", file);
        holder.Output.WaitFor("version");
        return holder;
    }

    private static void Replace(Sample holder, string file, int? version)
    {
        int lines = holder.Output.Text.Count(c => c == '\n');
        holder.Write(file + "\n");
        holder.Output.WaitFor(output => output.Count(c => c == '\n') > lines);
        if (version is not null)
            Assert.Contains($"version {version}:", holder.Output.Text, StringComparison.Ordinal);
    }

    private string Info() => Start("info").Ends(0).Output.Text;

    private (string Path, Sample Reader) StartGet()
    {
        string path = Path.Combine(Root, $"out-{Guid.NewGuid():N}");
        return (path, Start("get", path));
    }

    /// <summary>The file that a reader wrote, or null when it found no bitmap.</summary>
    private string? Get()
    {
        (string path, Sample reader) = StartGet();
        if (reader.Wait() == 2)
            return null;
        reader.Ends(0);
        return path;
    }

    private string Got() => Known(Get()!);

    /// <summary>Which of the files that were put this one is, to the byte.</summary>
    private string Known(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return ((string[])[_small, _large, _png]).FirstOrDefault(file => bytes.AsSpan().SequenceEqual(File.ReadAllBytes(file)))
            ?? throw new InvalidOperationException($"The file of {bytes.Length} bytes is none that was put.");
    }
}

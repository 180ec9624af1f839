using System.Buffers.Binary;
using System.Globalization;
using Samepage.Layout;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux;

/// <summary>The text of a handle, and the file it leads to, may be anything: neither is believed.</summary>
public sealed class SectionHandleTextTests
{
    [Theory]
    [InlineData("samepage")]
    [InlineData("samepage:o:1:2:1:3:4")]
    [InlineData("samepage:o:1:2:1:3:4:0:0")]
    [InlineData("samepage:x:1:2:1:3:4:0")]
    [InlineData("samepage:o:-1:2:1:3:4:0")]
    [InlineData("samepage:o:1:2:6:3:4:0")]
    [InlineData("samepage:o:1:99999999999:1:3:4:0")]
    [InlineData("samepage:o:1:2:1:3:4:-5")]
    [InlineData("samepage:o:../1:2:1:3:4:0")]
    [InlineData("samepage:o: 1:2:1:3:4:0")]
    [InlineData("Samepage:o:1:2:1:3:4:0")]
    public void A_text_of_another_form_is_an_argument_exception(string text) =>
        Assert.Throws<ArgumentException>(() => SharedMemory.OpenHandle(text));

    [Fact]
    public void A_handle_of_another_file_than_it_says_is_stale()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4096);
        using LentHandle offer = section.Offer();
        string[] parts = offer.Text.Split(':');
        foreach ((int field, string value) in new[] { (3, "0"), (5, "123456789"), (6, "123456789012"), (3, "12345"), (2, "4194305") })
        {
            string[] changed = [.. parts];
            changed[field] = value;
            Scene.Refusal(FailureReason.NotFound, () => SharedMemory.OpenHandle(string.Join(':', changed)));
        }
    }

    [Fact]
    public void A_size_that_the_file_does_not_have_is_refused()
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4096);
        using LentHandle offer = section.Offer();
        string text = offer.Text[..(offer.Text.LastIndexOf(':') + 1)];
        Scene.Refusal(FailureReason.Corrupt, () => SharedMemory.OpenHandle(text + "1000000000"));
        Scene.Refusal(FailureReason.Corrupt, () => SharedMemory.OpenHandle(text + long.MaxValue.ToString(CultureInfo.InvariantCulture)));
    }

    public static TheoryData<int, uint> SpoiledFields() => new()
    {
        { 0, 0u }, { 8, 2u }, { 12, 2u }, { 12, 3u }, { 12, 4u }, { 20, 2u }, { 20, 4u }, { 24, 0u }, { 32, 4097u }, { 32, 0u }, { 36, 1u }, { 40, 4097u }, { 52, 9u }, { 96, 900u }, { 104, 60_000u },
    };

    [Theory]
    [MemberData(nameof(SpoiledFields))]
    public void A_nameless_section_with_a_spoiled_header_is_refused_or_harmless(int field, uint value)
    {
        using SharedMemory section = SharedMemory.CreateAnonymous(4096);
        using LentHandle offer = section.Offer();
        using (FileStream file = File.OpenWrite($"/proc/self/fd/{offer.Text.Split(':')[3]}"))
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            file.Position = field;
            file.Write(bytes);
        }
        try
        {
            using SharedMemory taken = SharedMemory.OpenHandle(offer.Text);
            Assert.Equal(4096, taken.Size);
            using MemoryView view = taken.Map();
            view.Span.Fill(1);
        }
        catch (SharedObjectException e)
        {
            Assert.True(e.Reason is FailureReason.Corrupt or FailureReason.VersionMismatch, e.Message);
        }
    }

    [Fact]
    public void A_mutex_is_no_section_even_without_a_name()
    {
        // All of a nameless mutex' file, in the file of a section: its length is right, its payload is none.
        string name = Scene.NewName();
        using SharedMutex mutex = SharedMutex.Create(name);
        byte[] content = Scene.FileOf(name);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(96), 0);
        using SharedMemory section = SharedMemory.CreateAnonymous(4096);
        using LentHandle offer = section.Offer();
        using (FileStream file = File.OpenWrite($"/proc/self/fd/{offer.Text.Split(':')[3]}"))
            file.Write(content.AsSpan(0, SegmentHeader.Length));
        Scene.Refusal(FailureReason.Corrupt, () => SharedMemory.OpenHandle(offer.Text));
    }

    [Fact]
    public void A_refused_handle_closes_its_file_once()
    {
        // A second close of the same number would take away a file that another thread had just opened under it.
        string name = Scene.NewName();
        using SharedMemory section = SharedMemory.Create(name, 4096, new SharedMemoryOptions { Protection = MemoryAccess.Read });
        using LentHandle offer = section.Offer();
        string[] parts = offer.Text.Split(':');
        parts[4] = ((int)MemoryAccess.ReadExecute).ToString(CultureInfo.InvariantCulture);
        string text = string.Join(':', parts);
        bool stop = false;
        Exception? fault = null;
        var other = new Thread(() => fault = Record.Exception(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                using FileStream file = File.OpenRead("/proc/self/stat");
                Assert.True(file.ReadByte() > 0);
            }
        }));
        other.Start();
        for (int i = 0; i < 2_000; i++)
            Scene.Refusal(FailureReason.AccessDenied, () => SharedMemory.OpenHandle(text));
        Volatile.Write(ref stop, true);
        other.Join();
        Assert.Null(fault);
    }
}

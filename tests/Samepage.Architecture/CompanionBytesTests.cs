using System.Runtime.InteropServices;
using System.Text;
using Samepage.Layout;
using Samepage.Platform.Windows;

namespace Samepage.Architecture;

/// <summary>
/// A companion of format 1, byte for byte, and what is read from it. Only Windows makes companions; what they must look like can be checked
/// anywhere.
/// </summary>
public sealed unsafe class CompanionBytesTests
{
    /// <summary>Rows that are not zero: of a reserved section over nothing, and of one over a file, whose path follows at 4096.</summary>
    private static readonly (string Bytes, string Path, SectionFacts Facts)[] _golden =
    [
        ("""
            0: 53414d45 50414743 01000000 08018000
           16: 09000000 04000000 00000000 05000000
           32: 00100000 00000000 000088f5 ca7cdd08
           48: 0080efb9 ca7cdd08 d2040000 01000000
           64: 00112233 44556677 8899aabb ccddeeff
           80: 0a000000 09000000 00000000 01000000
          128: 676f6c64 656e2f72 c3a90000 00000000
          912: 6d616b65 722e6578 65000000 00000000
          """,
            "",
            new SectionFacts
            {
                Size = 5L << 32,
                Protection = MemoryAccess.ReadWriteExecute,
                Flags = SegmentFlags.Reserve | SegmentFlags.LargePages,
                CommittedLength = 4096,
                Name = Platform.ObjectName.Parse("golden/ré"),
                Token = Token,
                Created = new DateTimeOffset(0x08DD_7CCA_F588_0000, TimeSpan.Zero),
                CreatorProcessId = 1234,
                Program = "maker.exe",
            }),
        ("""
            0: 53414d45 50414743 01000000 08018000
           16: 02000000 00000000 b80b0000 00000000
           32: b80b0000 00000000 000088f5 ca7cdd08
           48: 0080efb9 ca7cdd08 d2040000 01000000
           64: 00112233 44556677 8899aabb ccddeeff
           80: 12000000 09000000 08000000 01000000
          128: 476c6f62 616c5c67 6f6c6465 6e206669
          144: 6c650000 00000000 00000000 00000000
          912: 6d616b65 722e6578 65000000 00000000
          """,
            @"C:\a.bin",
            new SectionFacts
            {
                Size = 3000,
                Protection = MemoryAccess.Read,
                Flags = SegmentFlags.DiskFile,
                CommittedLength = 3000,
                Name = Platform.ObjectName.Parse(@"Global\golden file"),
                BackingPath = @"C:\a.bin",
                Token = Token,
                Created = new DateTimeOffset(0x08DD_7CCA_F588_0000, TimeSpan.Zero),
                CreatorProcessId = 1234,
                Program = "maker.exe",
            }),
    ];

    private static Guid Token => new(Convert.FromHexString("00112233445566778899aabbccddeeff"));

    [Fact]
    public void A_companion_of_format_1_says_this()
    {
        foreach ((string bytes, string path, SectionFacts facts) in _golden)
        {
            CompanionHeader header = Read(bytes);
            Assert.Equal((CompanionHeader.ExpectedMagic, CompanionHeader.Finished), (header.Magic, header.State));
            byte[] tail = Encoding.UTF8.GetBytes(path + '\0');
            Assert.Null(CompanionReader.Fault(header, CompanionHeader.PathOffset + tail.Length));
            fixed (byte* p = tail)
                Assert.Equal(facts, CompanionReader.Facts(header, p));
        }
    }

    [Theory]
    [InlineData(SharedObjectKind.ReaderWriterLock)]
    [InlineData(SharedObjectKind.Pipe)]
    [InlineData(SharedObjectKind.Topic)]
    [InlineData(SharedObjectKind.Queue)]
    [InlineData(SharedObjectKind.Cell)]
    [InlineData(SharedObjectKind.CellMap)]
    [InlineData(SharedObjectKind.Service)]
    public void Memory_of_every_kind_has_a_companion(SharedObjectKind kind)
    {
        CompanionHeader header = Read(_golden[0].Bytes);
        header.Kind = (uint)kind;
        Assert.Null(CompanionReader.Fault(header, CompanionHeader.PathOffset));
        byte none = 0;
        Assert.Equal(kind, CompanionReader.Facts(header, &none).Kind);
    }

    [Theory]
    [InlineData(8, 2u, "it has format 2")]
    [InlineData(12, 0x0040_0108u, "another kind of machine")]
    [InlineData(92, 2, "its kind is 2")]
    [InlineData(92, 6, "its kind is 6")]
    [InlineData(92, 7, "its kind is 7")]
    [InlineData(92, 14, "its kind is 14")]
    [InlineData(16, 4u, "its flags are 00000004")]
    [InlineData(20, 6u, "its protection is 6")]
    [InlineData(28, 0x8000_0000u, "its payload has a length of -")]
    [InlineData(36, 6u, "committed bytes")]
    [InlineData(44, 0x7FFF_FFFFu, "its creation time")]
    [InlineData(80, 785u, "its name has a length of 785")]
    [InlineData(128, 0x5C5C_5C5Cu, "its name is none")]
    [InlineData(84, 65u, "its creator's name")]
    [InlineData(88, 1u, "the path of its backing file")]
    public void What_cannot_be_is_named(int offset, uint value, string fault)
    {
        CompanionHeader header = Read(_golden[0].Bytes);
        MemoryMarshal.Write(MemoryMarshal.AsBytes(new Span<CompanionHeader>(ref header))[offset..], value);
        Assert.Contains(fault, CompanionReader.Fault(header, CompanionHeader.PathOffset), StringComparison.Ordinal);
    }

    private static CompanionHeader Read(string rows)
    {
        var bytes = new byte[CompanionHeader.Length];
        foreach (string row in rows.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = row.Split(':');
            Convert.FromHexString(parts[1].Replace(" ", "", StringComparison.Ordinal)).CopyTo(bytes, int.Parse(parts[0], null));
        }
        return MemoryMarshal.Read<CompanionHeader>(bytes);
    }
}

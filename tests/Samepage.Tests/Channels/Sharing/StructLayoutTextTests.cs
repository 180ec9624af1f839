using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Samepage.Channels;

namespace Samepage.Tests.Channels.Sharing;

/// <summary>What two programs compare who send structs to each other.</summary>
public sealed unsafe class StructLayoutTextTests
{
#pragma warning disable CS0649 // Of these structs only the layout counts.
    private enum Side : short
    {
        Buy,
        Sell,
    }

    private struct Plain
    {
        public byte First;
        public long Second;
        private int _third;

        public int Third
        {
            readonly get => _third;
            set => _third = value;
        }
    }

    private struct Nested
    {
        public Side Side;
        public Plain Inner;
        public bool Flag;
        public char Letter;
        public decimal Price;
        public Guid Id;
        public nint Word;
    }

    [StructLayout(LayoutKind.Explicit, Size = 40)]
    private struct Placed
    {
        [FieldOffset(4)] public int Whole;
        [FieldOffset(4)] public short Low;
        [FieldOffset(32)] public double Last;
    }

    private struct Fixed
    {
        public fixed short Letters[5];
        public int After;
    }

    [InlineArray(3)]
    private struct Three
    {
        private Plain _first;
    }

    private struct WithThree
    {
        public int Before;
        public Three Row;
    }

    private struct Pair<TLeft, TRight>
        where TLeft : unmanaged
        where TRight : unmanaged
    {
        public TLeft Left;
        public TRight Right;
    }

    private struct WithPointer
    {
        public int Count;
        public int* Where;
    }

    private struct WithFunction
    {
        public delegate*<void> What;
    }

    private struct PointerInside
    {
        public Pair<int, WithPointer> Inner;
    }
#pragma warning restore CS0649

    [Fact]
    public void Fields_have_their_names_offsets_and_sizes()
    {
        Assert.Equal("24 bytes { First 0+1 Byte, Second 8+8 Int64, _third 16+4 Int32 }", StructLayoutText.Of<Plain>());
        Assert.Equal("8 bytes Int64", StructLayoutText.Of<long>());
        Assert.Equal("2 bytes Int16", StructLayoutText.Of<Side>());
        Assert.Equal("1 bytes Boolean", StructLayoutText.Of<bool>());
        Assert.Equal("16 bytes Guid", StructLayoutText.Of<Guid>());
    }

    [Fact]
    public void Structs_in_structs_are_told_to_the_bottom() => Assert.Equal(
        "80 bytes { Side 0+2 Int16, Inner 8+24 { First 0+1 Byte, Second 8+8 Int64, _third 16+4 Int32 }, Flag 32+1 Boolean, Letter 34+2 Char, " +
        "Price 40+16 Decimal, Id 56+16 Guid, Word 72+8 IntPtr }",
        StructLayoutText.Of<Nested>());

    [Fact]
    public void Explicit_places_count() =>
        Assert.Equal("40 bytes { Whole 4+4 Int32, Low 4+2 Int16, Last 32+8 Double }", StructLayoutText.Of<Placed>());

    [Fact]
    public void Arrays_within_have_their_size()
    {
        Assert.Equal("16 bytes { Letters 0+10 { FixedElementField 0+2 Int16 }, After 12+4 Int32 }", StructLayoutText.Of<Fixed>());
        Assert.Equal("72 bytes { _first 0+24 { First 0+1 Byte, Second 8+8 Int64, _third 16+4 Int32 } }", StructLayoutText.Of<Three>());
        Assert.Equal("80 bytes { Before 0+4 Int32, Row 8+72 { _first 0+24 { First 0+1 Byte, Second 8+8 Int64, _third 16+4 Int32 } } }", StructLayoutText.Of<WithThree>());
    }

    [Fact]
    public void Generic_structs_are_what_their_fields_are()
    {
        Assert.Equal("16 bytes { Left 0+1 Byte, Right 8+8 Double }", StructLayoutText.Of<Pair<byte, double>>());
        Assert.NotEqual(StructLayoutText.Of<Pair<int, long>>(), StructLayoutText.Of<Pair<long, int>>());
        // Those of the base class library too: all of them have one name.
        Assert.NotEqual(StructLayoutText.Of<(int, long)>(), StructLayoutText.Of<(long, int)>());
        Assert.NotEqual(StructLayoutText.Of<Pair<int, (int, long)>>(), StructLayoutText.Of<Pair<int, (long, int)>>());
    }

    [Fact]
    public void Pointers_are_refused()
    {
        Assert.Contains("WithPointer.Where", Assert.Throws<NotSupportedException>(StructLayoutText.Of<WithPointer>).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(StructLayoutText.Of<WithFunction>);
        Assert.Throws<NotSupportedException>(StructLayoutText.Of<PointerInside>);
    }
}

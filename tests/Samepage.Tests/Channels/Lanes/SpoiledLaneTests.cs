using FsCheck;
using FsCheck.Fluent;
using Samepage.Channels;
using Samepage.Layout;

namespace Samepage.Tests.Channels.Lanes;

/// <summary>Whatever stands in a lane and its block: it is refused, or read and written within the lane and to an end.</summary>
public sealed class SpoiledLaneTests
{
    private static readonly long[] _telling =
        [0, 1, 7, 8, 31, 32, 33, Lane.ChunkLength, Lane.Capacity - 8, Lane.Capacity, 2 * Lane.Capacity, 1L << 31, 1L << 40, 1L << 62, long.MaxValue, -1, -8, long.MinValue];

    private static readonly Gen<(int Offset, long Value)> _spoil =
        from offset in Gen.OneOf(
            Gen.Elements(LaneBlock.LastChunkOffset, LaneBlock.OldestChunkOffset, LaneBlock.MemoryOffset),
            Gen.Choose(LaneBlock.ChunksOffset / 8, LaneBlock.Length / 8 - 1).Select(w => 8 * w))
        from value in Gen.OneOf(Gen.Elements(_telling), Gen.Choose(0, int.MaxValue).Select(v => (long)v))
        select (offset, value);

    [Fact]
    public void A_spoiled_block_is_refused_or_harmless()
    {
        Prop.ForAll(_spoil.ArrayOf().Resize(4).ToArbitrary(), Gen.Choose(0, 400).ToArbitrary(), (spoils, messages) =>
        {
            using var lane = new Lane();
            LaneWriter writer = lane.Write();
            for (int i = 0; i < messages; i++)
                Assert.True(Lane.TryWrite(writer, i * 7 % 900));
            foreach ((int offset, long value) in spoils)
                lane.Spoil(offset, value);
            OrCorrupt(() =>
            {
                LaneWriter next = lane.Write();
                for (int i = 0; i < 300; i++)
                    _ = Lane.TryWrite(next, 500);
            });
            OrCorrupt(() =>
            {
                LaneWalk walk = LaneWalk.FromLastChunk(lane.Memory, lane.State, "lane");
                walk.ToEnd();
            });
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(1_000));
    }

    [Fact]
    public unsafe void What_is_no_record_is_refused()
    {
        foreach (ulong header in new[] { 1ul, 0x7FFF_FFFFul, RecordHeader.Of(Lane.Longest + 1, 0), RecordHeader.Of(RecordHeader.LongestPayload, 5), 0xC000_0000ul, ulong.MaxValue, 1ul << 32 })
        {
            using var lane = new Lane();
            LaneWriter writer = lane.Write();
            Assert.True(Lane.TryWrite(writer, 100));
            LaneReader reader = lane.Read();
            Assert.Equal(100, Lane.TryRead(reader));
            *lane.Memory.HeaderAt(reader.Position) = header;
            var refused = Assert.Throws<SharedObjectException>(() => Lane.TryRead(reader));
            Assert.Equal(FailureReason.Corrupt, refused.Reason);
            Assert.Contains("112", refused.Message, StringComparison.Ordinal);
            Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => lane.Write()).Reason);
        }
    }

    [Fact]
    public unsafe void A_ring_without_an_end_is_refused()
    {
        using var lane = new Lane();
        _ = lane.Write();
        for (long position = 0; position < Lane.Capacity; position += 8)
            *lane.Memory.HeaderAt(position) = RecordHeader.Of(0, 0);
        Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => lane.Write()).Reason);
    }

    private static void OrCorrupt(Action action)
    {
        if (Record.Exception(action) is { } thrown)
            Assert.Equal(FailureReason.Corrupt, Assert.IsType<SharedObjectException>(thrown).Reason);
    }
}

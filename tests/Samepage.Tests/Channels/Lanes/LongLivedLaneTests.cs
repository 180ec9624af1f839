using Samepage.Channels;
using Samepage.Layout;

namespace Samepage.Tests.Channels.Lanes;

/// <summary>Lanes that have come so far that their positions near the end of what is believed, and of 64 bits.</summary>
public sealed class LongLivedLaneTests
{
    private const long LastChunk = LaneBlock.LastPosition / Lane.ChunkLength;

    [Theory]
    [InlineData((1L << 31) / Lane.ChunkLength, int.MaxValue)]
    [InlineData((1L << 32) / Lane.ChunkLength, uint.MaxValue)]
    [InlineData(LastChunk - 40, LaneBlock.LastPosition - 1_000)]
    public void One_goes_on_over_every_boundary(long chunk, long number)
    {
        using var lane = new Lane();
        lane.BeginAt(chunk - 2, number - 50);
        LaneWriter writer = lane.Write();
        Assert.Equal(((chunk - 2) * Lane.ChunkLength, number - 50), (writer.Head, writer.Number));
        LaneReader reader = lane.Read();
        Assert.True(LaneWalk.TryFrom(lane.Memory, lane.State, chunk - 2, "lane", out LaneWalk begun));
        reader.MoveTo(begun.Position, begun.Number);
        for (int i = 0; i < 150; i++)
        {
            lane.Slowest = reader.Position;
            Assert.True(Lane.TryWrite(writer, i * 7 % 400));
            Assert.Equal(i * 7 % 400, Lane.TryRead(reader));
        }
        Assert.True(writer.Head > chunk * Lane.ChunkLength);
        Assert.Equal(number + 100, writer.Number);
        lane.AssertRowsAreRight(writer);
        Assert.Equal((writer.Head, writer.Number), (lane.Write().Head, lane.Write().Number));
    }

    [Fact]
    public void Who_writes_goes_on_behind_the_last_place_that_is_believed_and_nobody_begins_there()
    {
        using var lane = new Lane();
        lane.BeginAt(LastChunk - 1, 5);
        LaneWriter writer = lane.Write();
        while (writer.Head < LaneBlock.LastPosition + Lane.Capacity)
            Assert.True(Lane.TryWrite(writer, 500));
        Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => lane.Write()).Reason);
    }

    [Theory]
    [InlineData(LastChunk, 0)]
    [InlineData(long.MaxValue / Lane.ChunkLength, 0)]
    // Their product with the length of a chunk wraps around to 0.
    [InlineData(1L << 62, 0)]
    [InlineData(0, LaneBlock.LastPosition + 1)]
    public void What_lies_behind_is_refused(long chunk, long number)
    {
        using var lane = new Lane();
        lane.BeginAt(chunk, number);
        Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => lane.Write()).Reason);
    }
}

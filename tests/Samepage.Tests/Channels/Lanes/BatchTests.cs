using Samepage.Channels;
using Samepage.Layout;

namespace Samepage.Tests.Channels.Lanes;

/// <summary>Records that come into view together, and what is left of those that never did.</summary>
public sealed class BatchTests
{
    [Fact]
    public void A_batch_is_not_there_before_its_end()
    {
        using var lane = new Lane();
        LaneWriter writer = lane.Write();
        LaneReader reader = lane.Read();
        Assert.True(Lane.TryWrite(writer, 5));
        writer.BeginBatch();
        for (int i = 0; i < 10; i++)
        {
            Assert.True(Lane.TryWrite(writer, 10 * i));
            Assert.Equal(i == 0 ? 5 : null, Lane.TryRead(reader));
        }
        writer.EndBatch();
        for (int i = 0; i < 10; i++)
            Assert.Equal(10 * i, Lane.TryRead(reader));
        Assert.Null(Lane.TryRead(reader));
        writer.BeginBatch();
        writer.EndBatch();
        Assert.Null(Lane.TryRead(reader));
        Assert.True(Lane.TryWrite(writer, 3));
        Assert.Equal(3, Lane.TryRead(reader));
    }

    [Fact]
    public void A_batch_that_comes_to_a_new_chunk_shows_what_is_before_it()
    {
        using var lane = new Lane();
        LaneWriter writer = lane.Write();
        LaneReader reader = lane.Read();
        writer.BeginBatch();
        long shown = 0;
        for (int i = 0; i < 5_000; i++)
        {
            lane.Slowest = reader.Position;
            Assert.True(Lane.TryWrite(writer, 100));
            while (Lane.TryRead(reader) is not null)
                shown++;
            Assert.InRange(writer.Head - reader.Position, 0, Lane.ChunkLength + RecordHeader.StrideOf(100));
        }
        writer.EndBatch();
        while (Lane.TryRead(reader) is not null)
            shown++;
        Assert.Equal(5_000, shown);
    }

    [Fact]
    public void Of_an_abandoned_batch_nothing_was_ever_there()
    {
        using var lane = new Lane();
        LaneReader reader = lane.Read();
        var random = new Random(11);
        long expected = 0;
        for (int round = 0; round < 500; round++)
        {
            LaneWriter dies = lane.Write();
            Assert.Equal(expected, dies.Number);
            Assert.True(Lane.TryWrite(dies, random.Next(300)));
            dies.BeginBatch();
            for (int i = random.Next(5); i > 0; i--)
                Assert.True(Lane.TryWrite(dies, random.Next(300)));
            // What came into view of it, when it came to a new chunk, is there.
            while (Lane.TryRead(reader) is not null)
                expected++;
            lane.Slowest = reader.Position;
            LaneWriter next = lane.Write();
            Assert.Equal((reader.Position, reader.Number), (next.Head, next.Number));
            for (int i = 0; i < 3; i++)
            {
                Assert.True(Lane.TryWrite(next, random.Next(300)));
                Assert.NotNull(Lane.TryRead(reader));
                Assert.Null(Lane.TryRead(reader));
                expected++;
                lane.Slowest = reader.Position;
            }
            lane.AssertRowsAreRight(next);
        }
    }

    [Fact]
    public unsafe void A_loan_that_was_never_committed_was_never_there()
    {
        using var lane = new Lane();
        LaneReader reader = lane.Read();
        LaneWriter writer = lane.Write();
        Assert.True(Lane.TryWrite(writer, 8));
        new Span<byte>(writer.TryReserve(1_000), 1_000).Fill(0xFF);
        LaneWriter next = lane.Write();
        Assert.Equal(1, next.Number);
        Assert.True(Lane.TryWrite(next, 50));
        Assert.Equal(8, Lane.TryRead(reader));
        Assert.Equal(50, Lane.TryRead(reader));
        Assert.Null(Lane.TryRead(reader));
    }

    [Fact]
    public void A_batch_in_a_full_lane_is_in_view_so_that_it_can_be_read()
    {
        using var lane = new Lane { Slowest = 0 };
        LaneWriter writer = lane.Write();
        LaneReader reader = lane.Read();
        writer.BeginBatch();
        int written = 0;
        while (Lane.TryWrite(writer, 700))
            written++;
        for (int i = 0; i < written; i++)
            Assert.Equal(700, Lane.TryRead(reader));
        Assert.Null(Lane.TryRead(reader));
        lane.Slowest = reader.Position;
        Assert.True(Lane.TryWrite(writer, 700));
        Assert.Null(Lane.TryRead(reader));
        writer.EndBatch();
        Assert.Equal(700, Lane.TryRead(reader));
    }
}

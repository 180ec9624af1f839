using FsCheck;
using FsCheck.Fluent;
using Samepage.Channels;
using Samepage.Layout;

namespace Samepage.Tests.Channels.Lanes;

/// <summary>One writer and one reader of a lane, step by step.</summary>
public sealed class LaneTests
{
    private static readonly Gen<int> _length = Gen.Frequency(
        (6, Gen.Choose(0, 100)),
        (3, Gen.Choose(0, 5_000)),
        (1, Gen.Choose(0, Lane.Longest)),
        (1, Gen.Constant(Lane.Longest)));

    /// <summary>What is done next: 0 and more write a message of that length, less reads so many.</summary>
    private static readonly Gen<int> _step = Gen.Frequency((3, _length), (2, Gen.Choose(-40, -1)));

    [Fact]
    public void What_is_written_is_read_whatever_its_length()
    {
        Prop.ForAll(_step.ArrayOf().Resize(400).ToArbitrary(), steps =>
        {
            using var lane = new Lane();
            LaneWriter writer = lane.Write();
            LaneReader reader = lane.Read();
            var model = new System.Collections.Generic.Queue<int>();
            foreach (int step in steps)
            {
                lane.Slowest = reader.Position;
                if (step < 0)
                {
                    for (int i = step; i < 0; i++)
                        Assert.Equal(model.TryDequeue(out int length) ? length : null, Lane.TryRead(reader));
                    continue;
                }
                long end = writer.Head + RecordHeader.StrideOf(step) + RecordHeader.Length;
                bool fits = end - Lane.Capacity <= reader.Position;
                Assert.Equal(fits, writer.HasRoom(step));
                Assert.Equal(fits, Lane.TryWrite(writer, step));
                if (fits)
                    model.Enqueue(step);
                lane.AssertRowsAreRight(writer);
            }
            Assert.Equal(model.ToArray(), Enumerable.Repeat(0, model.Count).Select(_ => Lane.TryRead(reader)!.Value));
            Assert.True(reader.IsEmpty);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(300));
    }

    [Fact]
    public void Whoever_takes_over_goes_on_where_the_one_before_stood()
    {
        Prop.ForAll(_length.ArrayOf().Resize(100).ToArbitrary(), lengths =>
        {
            using var lane = new Lane();
            LaneReader reader = lane.Read();
            long written = 0;
            foreach (int length in lengths)
            {
                lane.Slowest = reader.Position;
                LaneWriter writer = lane.Write();
                Assert.Equal(written, writer.Number);
                if (!Lane.TryWrite(writer, length))
                {
                    while (Lane.TryRead(reader) is not null)
                    {
                    }
                    lane.Slowest = reader.Position;
                    Assert.True(Lane.TryWrite(writer, length));
                }
                written++;
                lane.AssertRowsAreRight(lane.Write());
            }
            while (Lane.TryRead(reader) is not null)
            {
            }
            Assert.Equal(written, reader.Number);
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(200));
    }

    /// <summary>Each length at which a record ends just before, at and behind a chunk's beginning, and the ring's.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(32)]
    public void Records_end_anywhere_about_a_boundary(int chunks)
    {
        for (int distance = -48; distance <= 48; distance++)
        {
            using var lane = new Lane();
            LaneWriter writer = lane.Write();
            LaneReader reader = lane.Read();
            for (long left = chunks * Lane.ChunkLength + distance; left > 0; left -= Lane.Longest + RecordHeader.Length)
            {
                Assert.True(Lane.TryWrite(writer, (int)Math.Clamp(left - RecordHeader.Length, 0, Lane.Longest)));
                Assert.NotNull(Lane.TryRead(reader));
                lane.Slowest = reader.Position;
            }
            for (int length = 0; length < 200; length++)
            {
                Assert.True(Lane.TryWrite(writer, length));
                lane.AssertRowsAreRight(writer);
                Assert.Equal(length, Lane.TryRead(reader));
                lane.Slowest = reader.Position;
            }
        }
    }

    [Fact]
    public void Two_of_the_longest_do_not_fit_while_the_first_is_read_and_one_does()
    {
        using var lane = new Lane();
        LaneWriter writer = lane.Write();
        LaneReader reader = lane.Read();
        Assert.Equal(Lane.Longest, writer.LongestPayload);
        lane.Slowest = 0;
        Assert.True(Lane.TryWrite(writer, Lane.Longest));
        Assert.True(Lane.TryWrite(writer, Lane.Longest));
        Assert.False(Lane.TryWrite(writer, Lane.Longest));
        Assert.False(Lane.TryWrite(writer, 1));
        Assert.False(writer.HasRoom(1));
        Assert.Equal(Lane.Longest, Lane.TryRead(reader));
        Assert.False(writer.HasRoom(1));
        lane.Slowest = reader.Position;
        Assert.True(writer.HasRoom(Lane.Longest));
        Assert.True(Lane.TryWrite(writer, Lane.Longest));
        Assert.Equal(Lane.Longest, Lane.TryRead(reader));
        Assert.Equal(Lane.Longest, Lane.TryRead(reader));
        Assert.Null(Lane.TryRead(reader));
    }

    [Fact]
    public void Memory_is_asked_for_in_steps_each_part_once()
    {
        const long Capacity = 8 * Lane.Capacity;
        using var lane = new Lane(Capacity);
        LaneWriter writer = lane.Write();
        Assert.Equal([(0, Lane.Capacity)], lane.Given);
        long end = 0;
        for (int i = 0; i < 3_000; i++)
        {
            Assert.True(Lane.TryWrite(writer, 1_000));
            Assert.True(lane.State.Memory >= Math.Min(writer.Head + RecordHeader.Length, Capacity));
        }
        foreach ((long offset, long length) in lane.Given)
        {
            Assert.Equal(end, offset);
            Assert.Equal(0, length % SharedMemory.MappingGranularity);
            end += length;
        }
        Assert.Equal((Capacity, Capacity), (end, lane.State.Memory));
        Assert.Equal(8, lane.Given.Count);
    }

    [Fact]
    public void A_refusal_of_memory_changes_nothing()
    {
        using var lane = new Lane(4 * Lane.Capacity);
        LaneWriter writer = lane.Write();
        LaneReader reader = lane.Read();
        while (writer.Head < Lane.Capacity - 5_000)
            Assert.True(Lane.TryWrite(writer, 1_000));
        lane.Refusal = new SharedObjectException(FailureReason.OutOfSpace, "no", "lane");
        long number = writer.Number;
        for (int i = 0; i < 3; i++)
            Assert.Same(lane.Refusal, Assert.Throws<SharedObjectException>(() => Lane.TryWrite(writer, 20_000)));
        Assert.Equal(number, writer.Number);
        Assert.True(Lane.TryWrite(writer, 1_000));
        lane.AssertRowsAreRight(writer);
        lane.Refusal = null;
        Assert.True(Lane.TryWrite(writer, 20_000));
        while (Lane.TryRead(reader) is not null)
        {
        }
        Assert.Equal(number + 2, reader.Number);
    }

    /// <summary>A chunk may begin far behind its row's position; its row goes to another only after it was given up.</summary>
    [Fact]
    public void Rows_are_right_when_long_and_short_records_take_turns()
    {
        using var lane = new Lane();
        LaneWriter writer = lane.Write();
        var random = new Random(7);
        for (int i = 0; i < 3_000; i++)
        {
            Assert.True(Lane.TryWrite(writer, i % 40 == 0 ? random.Next(Lane.Longest) : random.Next(60)));
            lane.AssertRowsAreRight(writer);
        }
    }
}

using System.Diagnostics;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Channels.Lanes;
using Samepage.Tests.Support;

namespace Samepage.Tests.Diagnostics;

/// <summary>What says that it carries a trace context, and cannot, is no record.</summary>
public sealed class ForgedTraceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(Lane.Longest + 1)]
    public unsafe void A_record_that_is_too_short_or_too_long_for_what_it_claims_is_refused(int length)
    {
        using var lane = new Lane();
        LaneWriter writer = lane.Write();
        Assert.True(Lane.TryWrite(writer, 100));
        LaneReader reader = lane.Read();
        *lane.Memory.HeaderAt(0) = RecordHeader.OfTraced(length, 0);
        Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => Lane.TryRead(reader)).Reason);
        Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => lane.Write()).Reason);
    }

    [Fact]
    public unsafe void Ids_of_zeros_are_no_context()
    {
        using var lane = new Lane();
        LaneWriter writer = lane.Write();
        Assert.True(writer.TryReserve(5 + TraceBlock.Length) is not null);
        writer.Commit(5, 9, new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None));
        LaneReader reader = lane.Read();
        Assert.True(reader.TryPeek(out int length, out uint kind) is not null && (length, kind) == (5, 9u));
        Assert.NotEqual(default, reader.TraceOf(length));
        new Span<byte>(lane.Memory.PayloadAt(0) + 5, 16).Clear();
        Assert.Equal(default, reader.TraceOf(length));
        reader.Advance(length + reader.TakeTrace());
        Assert.Equal(writer.Head, reader.Position);
    }

    [Fact]
    public unsafe void A_message_whose_header_changes_under_its_reader_stays_what_it_was()
    {
        using Topic topic = Topic.Create(Scene.NewName(), new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        Assert.True(publisher.TryPublish(new byte[40]));
        Assert.True(subscriber.TryRead(out TopicMessage message));
        using SharedMemory section = SharedMemory.TryOpenOfKind(SharedObjectKind.Topic, ObjectName.Parse(topic.Name))!;
        section.Commit(section.Size);
        var layout = new ChannelLayout(16, 63, 65536);
        using MemoryView ring = section.Map(layout.RingOffset(0), 65536);
        Assert.Equal(RecordHeader.Of(40, 0), ring.GetReference<ulong>(0));
        foreach (ulong forged in new[] { RecordHeader.OfTraced(40, 0), RecordHeader.OfTraced(72, 0), RecordHeader.OfTraced(5, 0), ulong.MaxValue })
        {
            ring.GetReference<ulong>(0) = forged;
            Assert.Equal((40, default), (message.Length, message.TraceContext));
        }
    }

    [Fact]
    public void The_block_lies_as_it_is_written_down()
    {
        byte[] block = new byte[TraceBlock.Length];
        var context = ActivityContext.Parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null);
        Array.Fill(block, (byte)0xEE);
        TraceBlock.Write(block, context);
        Assert.Equal("0AF7651916CD43DD8448EB211C80319CB7AD6B71692033310100000000000000", Convert.ToHexString(block));
        Assert.Equal(new ActivityContext(context.TraceId, context.SpanId, context.TraceFlags, null, isRemote: true), TraceBlock.Read(block));
        Assert.Equal((0x0000_0009_C000_0025ul, 0x25u, 5), (RecordHeader.OfTraced(37, 9), RecordHeader.ExtentOf(RecordHeader.OfTraced(37, 9)), RecordHeader.PayloadOf(RecordHeader.OfTraced(37, 9))));
    }
}

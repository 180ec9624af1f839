using Samepage.Bench.Harness;
using Samepage.Channels;
using Samepage.Platform;

namespace Samepage.Bench.Cases;

/// <summary>A lane of the library by itself: what every channel pays at least.</summary>
internal static class BareLane
{
    public const string Role = "lane-stream-";

    private const long Capacity = 4 << 20;
    private const int There = 0, Back = 1, Reader = 0;

    /// <summary>One of the two sides.</summary>
    public static unsafe void Serve(int size, string name, bool first)
    {
        var shape = new ChannelShape(SharedObjectKind.Topic, Capacity, Lanes: 2, Readers: 1, Mode: 0, SharedAccess.User, "");
        ChannelMemory memory = first
            ? ChannelMemory.Make(ObjectName.Parse(name), shape, openExisting: false, out _)
            : ChannelMemory.TryOpen(ObjectName.Parse(name), SharedObjectKind.Topic)!;
        var core = new ChannelCore(memory);
        if (first)
            _ = core.TakeReader();
        int mine = first ? There : Back, theirs = first ? Back : There;
        var writer = new LaneWriter(memory.RingAt(mine), memory.LaneAt(mine), new TopicReaders(core, mine), name);
        var reader = new LaneReader(memory.RingAt(theirs), name);
        ReaderState me = memory.ReaderAt(Reader);
        ulong number = 0;
        PeerLoop.ServeRoundTrips(count =>
        {
            if (first)
            {
                for (long i = 0; i < count; i++)
                {
                    Words.Fill(new Span<byte>(Room(writer, size), size), ++number);
                    writer.Commit(size, 0);
                }
                _ = Next(reader, out _);
                reader.Advance(0);
                me.SetPosition(theirs, reader.Position);
                return;
            }
            long told = reader.Position;
            for (long i = 0; i < count; i++)
            {
                byte* record = Next(reader, out int length);
                Words.Check(new ReadOnlySpan<byte>(record, length), ++number);
                reader.Advance(length);
                if (reader.Position - told < Capacity / 8)
                    continue;
                told = reader.Position;
                me.SetPosition(theirs, told);
            }
            me.SetPosition(theirs, reader.Position);
            _ = Room(writer, 0);
            writer.Commit(0, 0);
        });
    }

    private static unsafe byte* Room(LaneWriter writer, int size)
    {
        byte* room;
        while ((room = writer.TryReserve(size)) is null)
            Thread.SpinWait(1);
        return room;
    }

    private static unsafe byte* Next(LaneReader reader, out int length)
    {
        byte* record;
        while ((record = reader.TryPeek(out length, out _)) is null)
            Thread.SpinWait(1);
        return record;
    }
}

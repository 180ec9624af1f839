using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>A named pipe as somebody sees it who has no part in it: the listener's memory, and that of each connection.</summary>
internal static class PipeLook
{
    public static ChannelInfo Of(ChannelMemory listener)
    {
        ChannelShape shape = listener.Shape;
        LaneState lane = listener.LaneAt(0);
        return new ChannelInfo
        {
            Name = listener.Name.Full,
            Kind = shape.Kind,
            Capacity = shape.Capacity,
            MaxWriters = shape.Lanes,
            MaxReaders = shape.Readers,
            PipeMode = (PipeMode)shape.Mode,
            MessageType = shape.Type,
            Writers = [new ChannelWriterInfo(0, lane.Owner == 0 ? 0 : lane.ProcessId, ChannelInspector.IsAlive(listener.Name, lane.Owner), 0, 0, null, Sleepers.IsAsleep(listener.AddressOf(ChannelLayout.WritersAsleep), 0))],
            Readers = [.. from place in Enumerable.Range(0, shape.Readers)
                          let client = listener.ReaderAt(place)
                          where client.Owner != 0
                          select new ChannelReaderInfo(client.ProcessId, ChannelInspector.IsAlive(listener.Name, client.Owner), null, null, 0,
                              Sleepers.IsAsleep(listener.AddressOf(ChannelLayout.ReadersAsleep), place), null)],
            Connections = [.. OfEach(listener, Connection)],
        };
    }

    /// <summary>What nobody has read yet, of each connection and each direction.</summary>
    public static IEnumerable<(int Lane, LaneLook.Seen Seen)> Unread(ChannelMemory listener, int count, int length)
    {
        // Copies: each connection is open only while it is looked at.
        List<LaneLook.Seen>[] found = [.. OfEach(listener, memory => (List<LaneLook.Seen>[])
            [Unread(memory, PipeSide.Maker, count, length), Unread(memory, PipeSide.Joiner, count, length)]).SelectMany(sides => sides)];
        return found.SelectMany((seen, lane) => seen.Select(s => (lane, s)));
    }

    private static List<LaneLook.Seen> Unread(ChannelMemory connection, int side, int count, int length)
    {
        long read = connection.ReaderAt(PipeSide.Other(side)).Position(side);
        return [.. LookAt(connection, side).Last(count, length).Where(seen => seen.Position >= read)];
    }

    private static List<T> OfEach<T>(ChannelMemory listener, Func<ChannelMemory, T> select)
    {
        var found = new List<T>();
        foreach (ObjectName name in Host.Platform.Inspector.Parts(listener.Name, Rendezvous.ConnectionPart))
        {
            using ChannelMemory? connection = ChannelMemory.TryOpen(name, SharedObjectKind.Pipe, waits: false);
            if (connection is { Shape: { Lanes: PipeSide.Count, Readers: PipeSide.Count } })
                found.Add(select(connection));
        }
        return found;
    }

    private static PipeConnectionInfo Connection(ChannelMemory memory)
    {
        (long there, long thereUnread) = Written(memory, PipeSide.Maker);
        (long back, long backUnread) = Written(memory, PipeSide.Joiner);
        return new PipeConnectionInfo(ProcessAt(memory, PipeSide.Maker), ProcessAt(memory, PipeSide.Joiner), there, thereUnread, back, backUnread);
    }

    private static (long All, long Unread) Written(ChannelMemory memory, int side)
    {
        long position = memory.ReaderAt(PipeSide.Other(side)).Position(side), end = LookAt(memory, side).End().Position;
        return (end, Math.Max(0, end - position));
    }

    private static int ProcessAt(ChannelMemory memory, int side) =>
        IsThere(memory.LaneAt(side).Owner) || IsThere(memory.ReaderAt(side).Owner) ? memory.LaneAt(side).ProcessId : 0;

    private static bool IsThere(ulong owner) => owner is not (0 or PipeSide.Awaited or PipeSide.Nobody);

    private static LaneLook LookAt(ChannelMemory memory, int lane) => new(memory.RingAt(lane), memory.LaneAt(lane), memory.Name.Full);
}

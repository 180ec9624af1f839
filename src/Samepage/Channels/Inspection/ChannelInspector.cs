using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>Looks at channels from aside: who takes part, how far they have come, what lies in them.</summary>
/// <remarks>
/// Nothing is taken or changed, nobody is held up, and no place of a writer or reader is used; the channel is open while it is being looked at. All members may be
/// called from any thread at the same time.
/// </remarks>
public static class ChannelInspector
{
    /// <summary>The live channel of that name, or null.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into its memory.</exception>
    public static ChannelInfo? Find(string name)
    {
        using ChannelMemory? memory = TryOpen(name);
        if (memory is null)
            return null;
        ChannelShape shape = memory.Shape;
        switch (shape.Kind)
        {
            case SharedObjectKind.Pipe:
                return PipeLook.Of(memory);
            case SharedObjectKind.Cell or SharedObjectKind.CellMap:
                return CellLook.Of(memory);
            case SharedObjectKind.Service:
                return ServiceLook.Of(memory);
        }
        bool isQueue = shape.Kind == SharedObjectKind.Queue;
        LaneLook[] lanes = Lanes(memory);
        (long Position, long Number)[] ends = [.. lanes.Select(lane => lane.End())];
        return new ChannelInfo
        {
            Name = memory.Name.Full,
            Kind = shape.Kind,
            Capacity = shape.Capacity,
            MaxWriters = shape.Lanes,
            MaxReaders = shape.Readers,
            QueueFullMode = isQueue ? new QueueMode(shape.Mode).Full : null,
            Priorities = isQueue ? new QueueMode(shape.Mode).Priorities : null,
            FullMode = shape.Kind == SharedObjectKind.Topic ? (TopicFullMode)shape.Mode : null,
            MessageType = shape.Type,
            Writers = [.. ends.Select((end, lane) => Writer(memory, lane, end, isQueue ? lanes[lane] : null))],
            Readers = [.. ReadersOf(memory).Select(reader => Reader(memory, reader, lanes, ends))],
        };
    }

    /// <summary>The last messages of each lane of a channel that have not been overwritten: of a topic whether somebody has read them or not, of a queue those that are not done with, of a pipe those that were not read, where lanes 0 and 1 are the first connection there and back, 2 and 3 the second. None when there is no such channel, or messages do not lie in it (a cell, a service).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="count">How many of each lane at most.</param>
    /// <param name="length">How many bytes of each message at most.</param>
    /// <returns>Copies, lane by lane, each in the order in which they were written.</returns>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>: somebody wrote into its memory.</exception>
    public static IReadOnlyList<ChannelMessageInfo> Peek(string name, int count, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        using ChannelMemory? memory = TryOpen(name);
        return memory?.Shape.Kind switch
        {
            SharedObjectKind.Pipe => [.. PipeLook.Unread(memory, count, length).Select(unread => Message(unread.Lane, unread.Seen))],
            SharedObjectKind.Queue => [.. Lanes(memory).SelectMany((lane, number) => lane.Last(count, (int)Math.Min(QueueRecord.Length + (long)length, int.MaxValue)).SelectMany(seen => QueueMessage(number, seen)))],
            SharedObjectKind.Topic => [.. Lanes(memory).SelectMany((lane, number) => lane.Last(count, length).Select(seen => Message(number, seen)))],
            _ => [],
        };
    }

    private static ChannelMemory? TryOpen(string name)
    {
        var parsed = ObjectName.Parse(name);
        return Host.Platform.Inspector.Find(parsed, withHolders: false)?.Kind is (SharedObjectKind.Topic or SharedObjectKind.Queue or SharedObjectKind.Pipe
            or SharedObjectKind.Cell or SharedObjectKind.CellMap or SharedObjectKind.Service) and var kind
            ? ChannelMemory.TryOpen(parsed, kind, waits: false)
            : null;
    }

    private static LaneLook[] Lanes(ChannelMemory memory) =>
        [.. Enumerable.Range(0, memory.LanesUsed).Select(lane => new LaneLook(memory.RingAt(lane), memory.LaneAt(lane), memory.Name.Full))];

    /// <summary>The places of readers that somebody has.</summary>
    internal static IEnumerable<int> ReadersOf(ChannelMemory memory) =>
        Enumerable.Range(0, memory.Shape.Readers).Where(reader => memory.ReaderAt(reader).Owner != 0);

    /// <summary>Who writes a lane, as every kind of channel has it.</summary>
    internal static ChannelWriterInfo Writer(ChannelMemory memory, int lane, long written, long position, long? waiting)
    {
        ulong owner = memory.LaneAt(lane).Owner;
        return new ChannelWriterInfo(lane, owner == 0 ? 0 : memory.LaneAt(lane).ProcessId, owner != 0 && IsAlive(memory.Name, owner), written, position,
            waiting, owner != 0 && Sleepers.IsAsleep(memory.AddressOf(ChannelLayout.WritersAsleep), lane));
    }

    /// <summary>Who reads, as every kind of channel has it.</summary>
    internal static ChannelReaderInfo Reader(ChannelMemory memory, int reader)
    {
        ReaderState state = memory.ReaderAt(reader);
        return new ChannelReaderInfo(state.ProcessId, IsAlive(memory.Name, state.Owner), null, null, state.Missed, Sleepers.IsAsleep(memory.AddressOf(ChannelLayout.ReadersAsleep), reader), null);
    }

    private static ChannelWriterInfo Writer(ChannelMemory memory, int lane, (long Position, long Number) end, LaneLook? queue) =>
        Writer(memory, lane, end.Number, end.Position, queue is null ? null : Waiting(queue, new QueueLane(memory, lane), end));

    internal static long? Waiting(LaneLook look, QueueLane lane, (long Position, long Number) end)
    {
        long next = lane.NextToSee;
        return next >= end.Position ? 0 : look.NumberAt(next, () => lane.NextToSee == next) is { } number ? end.Number - number : null;
    }

    private static ChannelReaderInfo Reader(ChannelMemory memory, int reader, LaneLook[] lanes, (long Position, long Number)[] ends)
    {
        ReaderState state = memory.ReaderAt(reader);
        // There a position only says what is being read.
        bool isDropping = memory.Shape.Kind == SharedObjectKind.Topic && (TopicFullMode)memory.Shape.Mode == TopicFullMode.DropOldest;
        long? lag = isDropping
            // What somebody made up may wrap.
            ? Math.Max(0, ends.Aggregate(0L, static (sum, end) => sum + end.Number) - state.Passed)
            : null;
        long? lagBytes = null;
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            int held = lane;
            long position = state.Position(lane);
            // It may have gone on since the end was looked for.
            if (isDropping || position == ReaderBlock.Nowhere || position > ends[lane].Position)
                continue;
            lagBytes = (lagBytes ?? 0) + (ends[lane].Position - position);
            if (lanes[lane].NumberAt(position, () => IsHeld(state, held, position)) is { } number)
                lag = (lag ?? 0) + Math.Max(0, ends[lane].Number - number);
        }
        return Reader(memory, reader) with { Lag = lag, LagBytes = lagBytes };
    }

    private static bool IsHeld(ReaderState reader, int lane, long position)
    {
        // SYNC(position): pairs with the release in ReaderState.SetPosition: a reader says that it goes on before the writer may write there.
        SharedAtomics.Fence();
        return reader.Owner != 0 && reader.Position(lane) == position;
    }

    private static ChannelMessageInfo Message(int lane, LaneLook.Seen seen) =>
        new(lane, seen.Number, RecordHeader.KindOf(seen.Header), RecordHeader.PayloadOf(seen.Header), seen.Beginning, null);

    /// <summary>None for a message that is done with.</summary>
    private static IEnumerable<ChannelMessageInfo> QueueMessage(int lane, LaneLook.Seen seen)
    {
        if (seen.Beginning.Length < QueueRecord.Length)
            yield break;
        ulong state = BitConverter.ToUInt64(seen.Beginning);
        if (!QueueRecord.IsFinished(state))
        {
            yield return new ChannelMessageInfo(lane, seen.Number, RecordHeader.KindOf(seen.Header), RecordHeader.PayloadOf(seen.Header) - QueueRecord.Length,
                seen.Beginning.AsMemory(QueueRecord.Length), QueueRecord.DeliveriesOf(state));
        }
    }

    internal static bool IsAlive(ObjectName channel, ulong life)
    {
        using IDisposable? watch = life == 0 ? null : Host.Platform.WatchProcess(channel.Scope, life, static () => { });
        return watch is not null;
    }
}

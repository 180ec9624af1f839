namespace Samepage.Channels;

/// <summary>A cell, or a map of cells, as somebody sees it who has no part in it. No value is read; of a value that changes meanwhile the next one is seen.</summary>
internal static class CellLook
{
    /// <exception cref="SharedObjectException"><see cref="FailureReason.Corrupt"/>.</exception>
    public static ChannelInfo Of(ChannelMemory memory)
    {
        ChannelShape shape = memory.Shape;
        CellMapTable? map = shape.Kind == SharedObjectKind.CellMap ? new CellMapTable(memory) : null;
        // Nobody reads by these, so nobody pins.
        var pinning = new Lock();
        CellSlots? cell = map is null ? CellSlots.OfCell(memory, pinning) : null;
        return new ChannelInfo
        {
            Name = memory.Name.Full,
            Kind = shape.Kind,
            Capacity = cell?.Capacity ?? map!.ValueCapacity,
            MaxWriters = shape.Lanes,
            MaxReaders = shape.Readers,
            MaxKeys = map?.Count,
            MessageType = shape.Type,
            Writers = [.. Enumerable.Range(0, memory.LanesUsed).Where(lane => memory.LaneAt(lane).Owner != 0).Select(lane => ChannelInspector.Writer(memory, lane, 0, 0, null))],
            Readers = [.. ChannelInspector.ReadersOf(memory).Select(reader => ChannelInspector.Reader(memory, reader))],
            Values = cell is not null ? [Value(null, cell)] : [.. map!.Look().Select(found => Value(found.Key, map.SlotsOf(found.Entry, pinning)))],
        };
    }

    private static CellValueInfo Value(string? key, CellSlots slots)
    {
        (ulong number, int length, int writer) = (0, 0, 0);
        for (int attempt = 0; attempt < LaneWalk.MostAttempts; attempt++)
        {
            (number, length, writer) = (slots.ChangeNumber, slots.Length, slots.LastWriter);
            if (slots.ChangeNumber == number)
                break;
        }
        return new CellValueInfo(key, length < 0 ? null : length, number, writer);
    }
}

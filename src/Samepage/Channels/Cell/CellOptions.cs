using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>How a cell is made. Who opens one that is there finds it as it was made.</summary>
public sealed record CellOptions
{
    /// <summary>
    /// The most bytes that a value may have; of a <see cref="Cell{T}"/> it is the size of its struct, whatever this says. It is only reserved: memory is
    /// taken as values need it. From 1 byte to 1 GiB; default: 64 KiB less 64 bytes.
    /// </summary>
    public int Capacity { get; init; } = (int)ChannelLayout.SmallestCapacity - CellSlot.ValueOffset;

    /// <summary>How many handles can be open, and waits beside them be going on, at one time: 1 to 1,023; default 63.</summary>
    public int MaxReaders { get; init; } = 63;

    /// <summary>How many handles that have written can be open at one time: 1 to 1,023; default 31.</summary>
    public int MaxWriters { get; init; } = 31;

    /// <summary>Who may open it (W20). Default: <see cref="SharedAccess.User"/>.</summary>
    public SharedAccess Access { get; init; } = SharedAccess.User;

    internal const int MostCapacity = 1 << 30;

    internal ChannelShape ToShape(int capacity, string type)
    {
        if (capacity is <= 0 or > MostCapacity)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, $"A value has 1 to {MostCapacity:N0} bytes at most.");
        return ChannelShape.Checked(new(SharedObjectKind.Cell, (long)capacity + CellSlot.ValueOffset, MaxWriters, MaxReaders, (uint)capacity, Access, type));
    }
}

using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>How a map of cells is made. Who opens one that is there finds it as it was made.</summary>
public sealed record CellMapOptions
{
    /// <summary>The most bytes of a value: 1 to 1,048,575; default 192. It is only reserved: memory is taken as values come to it.</summary>
    public int ValueCapacity { get; init; } = 192;

    /// <summary>How many keys there can be at one time: 1 to 4,095; default 1,023.</summary>
    public int MaxKeys { get; init; } = 1_023;

    /// <summary>How many handles can be open, and waits beside them be going on, at one time: 1 to 1,023; default 63.</summary>
    public int MaxReaders { get; init; } = 63;

    /// <summary>How many handles that have changed anything can be open at one time: 1 to 1,023; default 31.</summary>
    public int MaxWriters { get; init; } = 31;

    /// <summary>Who may open it (W20). Default: <see cref="SharedAccess.User"/>.</summary>
    public SharedAccess Access { get; init; } = SharedAccess.User;

    internal ChannelShape ToShape()
    {
        if (ValueCapacity is <= 0 or > CellMapMode.MostCapacity)
            throw new ArgumentException($"A value has 1 to {CellMapMode.MostCapacity:N0} bytes at most, and not {ValueCapacity:N0}.");
        if (MaxKeys is <= 0 or > CellPinWord.MostEntries)
            throw new ArgumentException($"There can be 1 to {CellPinWord.MostEntries:N0} keys, and not {MaxKeys:N0}.");
        return ChannelShape.Checked(new(SharedObjectKind.CellMap, CellMapMode.RingFor(ValueCapacity, MaxKeys), MaxWriters, MaxReaders,
            CellMapMode.Of(ValueCapacity, MaxKeys), Access, ""));
    }
}

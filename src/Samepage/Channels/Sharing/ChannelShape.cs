using System.Numerics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What all who have a channel open must agree on.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Capacity">Bytes of a lane; rounded up to a power of two.</param>
/// <param name="Lanes">How many can write at one time.</param>
/// <param name="Readers">How many can read at one time.</param>
/// <param name="Mode">What its kind wants to know.</param>
/// <param name="Access">Who may open it.</param>
/// <param name="Type">Of its messages, as text; empty: they are bytes.</param>
internal readonly record struct ChannelShape(
    SharedObjectKind Kind, long Capacity, int Lanes, int Readers, uint Mode, SharedAccess Access, string Type)
{
    public ChannelLayout Layout => new(Lanes, Readers, Capacity, Kind switch
    {
        SharedObjectKind.Cell => CellSlot.CountFor(Readers),
        SharedObjectKind.CellMap => CellSlot.CountFor(Readers) + 1,
        _ => null,
    });

    /// <summary>With the capacity rounded up to a power of two, if such a channel can be.</summary>
    public static ChannelShape Checked(ChannelShape wished)
    {
        if (wished.Capacity is <= 0 or > ChannelLayout.LargestCapacity)
        {
            throw new ArgumentOutOfRangeException(nameof(wished), wished.Capacity,
                $"The capacity is from 1 to {ChannelLayout.LargestCapacity:N0} bytes.");
        }
        long capacity = Math.Max(ChannelLayout.SmallestCapacity, (long)BitOperations.RoundUpToPowerOf2((ulong)wished.Capacity));
        return ChannelLayout.IsPossible(wished.Lanes, wished.Readers, capacity)
            ? wished with { Capacity = capacity }
            : throw new ArgumentOutOfRangeException(nameof(wished), (wished.Lanes, wished.Readers), $"From 1 to {SleeperBlock.MostEnds:N0} can write, and as many read.");
    }
}

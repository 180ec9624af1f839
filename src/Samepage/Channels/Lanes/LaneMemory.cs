using System.Runtime.CompilerServices;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>The ring of a lane, mapped twice back to back: what begins within it lies in one piece, wherever it ends.</summary>
/// <remarks>A position counts bytes from the first that was ever written, and only grows.</remarks>
internal readonly unsafe struct LaneMemory
{
    private readonly byte* _start;
    private readonly long _mask;

    /// <param name="address">Where the first of both views begins.</param>
    /// <param name="capacity">Bytes of one of them; a power of two.</param>
    public LaneMemory(nint address, long capacity)
    {
        _start = (byte*)address;
        _mask = capacity - 1;
    }

    public long Capacity => _mask + 1;

    public long ChunkLength => Capacity / LaneBlock.ChunkCount;

    /// <summary>In bytes: half of the lane, so that a record can be written while the one before is being read.</summary>
    public int LongestPayload => (int)Math.Min(Capacity / 2 - 2 * RecordHeader.Length, RecordHeader.LongestPayload);

    // SAFETY: whatever the position, the address lies within the first view, and a record that is no longer than the longest ends within the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong* HeaderAt(long position) => (ulong*)(_start + (position & _mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* PayloadAt(long position) => _start + (position & _mask) + RecordHeader.Length;
}

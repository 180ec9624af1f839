using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>One who reads a lane, record by record, in place.</summary>
/// <remarks>For one thread at a time. Nothing that it reads is believed: docs/design/lane.md.</remarks>
internal sealed unsafe class LaneReader
{
    private readonly LaneMemory _memory;
    private readonly uint _longest;
    private readonly string _channel;
    private long _position;

    public LaneReader(LaneMemory memory, string channel)
    {
        _memory = memory;
        _longest = (uint)memory.LongestPayload;
        _channel = channel;
    }

    /// <summary>Where the next record stands, or will stand.</summary>
    public long Position => _position;

    /// <summary>Its number, counted from the first that was ever written.</summary>
    public long Number { get; private set; }

    public LaneMemory Memory => _memory;

    public void MoveTo(long position, long number)
    {
        _position = position;
        Number = number;
    }

    public bool IsEmpty
    {
        // SYNC(record): pairs with the release in LaneWriter.Commit.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SharedAtomics.Acquire(_memory.HeaderAt(_position)) == 0;
    }

    /// <summary>The record at <see cref="Position"/>, which stays where it is; null: there is none yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* TryPeek(out int length, out uint kind)
    {
        // SYNC(record): pairs with the release in LaneWriter.Commit.
        ulong header = SharedAtomics.Acquire(_memory.HeaderAt(_position));
        uint found = RecordHeader.LengthOf(header);
        length = (int)found;
        kind = RecordHeader.KindOf(header);
        if (found <= _longest)
            return _memory.PayloadAt(_position);
        return header == 0 ? null : throw ChannelErrors.CorruptRecord(_channel, _position, header);
    }

    /// <summary>Past the record that <see cref="TryPeek"/> gave, with the length that it said.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int length)
    {
        _position += RecordHeader.StrideOf(length);
        Number++;
    }
}

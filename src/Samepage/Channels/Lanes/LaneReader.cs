using System.Diagnostics;
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
    private int _trace;

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

    /// <summary>The record at <see cref="Position"/>, which stays where it is; null: there is none yet. The length is that of its payload.</summary>
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
        return header == 0 ? null : PeekTraced(header, out length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* PeekTraced(ulong header, out int length)
    {
        if (RecordHeader.ExtentOf(header) > _longest)
            throw ChannelErrors.CorruptRecord(_channel, _position, header);
        length = RecordHeader.PayloadOf(header);
        _trace = RecordHeader.TraceLengthOf(header);
        return _memory.PayloadAt(_position);
    }

    /// <summary>What went along with the record that <see cref="TryPeek"/> gave, with the length that it said.</summary>
    public ActivityContext TraceOf(int length) =>
        _trace == 0 ? default : TraceBlock.Read(new ReadOnlySpan<byte>(_memory.PayloadAt(_position) + length, _trace));

    /// <summary>Of the trace context behind that payload: what <see cref="Advance"/> has to pass beside it.</summary>
    public int TakeTrace()
    {
        int length = _trace;
        _trace = 0;
        return length;
    }

    /// <summary>Past the record that <see cref="TryPeek"/> gave, with the length that it said, and that of <see cref="TakeTrace"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int length)
    {
        _position += RecordHeader.StrideOf(length);
        Number++;
    }
}

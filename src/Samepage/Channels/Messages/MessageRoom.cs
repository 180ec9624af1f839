using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samepage.Channels;

/// <summary>Where a serializer writes: the room that a channel lends, as long as it has as much; else memory of this process, to be copied or refused.</summary>
/// <remarks>
/// A lane's room begins where the next record will, however much of it is asked for: so a longer loan holds what was written into the shorter one. One
/// for each thread, used again.
/// </remarks>
internal sealed unsafe class MessageRoom : MemoryManager<byte>, IBufferWriter<byte>
{
    /// <summary>Of a channel, room for a message; empty: it has none now.</summary>
    public delegate Span<byte> Lender(object channel, int length);

    private const int FirstLength = 256;

    private static readonly object _noChannel = new();

    [ThreadStatic]
    private static MessageRoom? _idle;

    private object _channel = null!;
    private Lender _lender = null!;
    private int _longest;
    private byte* _room;
    private int _roomLength;
    private byte[]? _array;
    private int _written;

    /// <summary>Takes the thread's own. To be given back by <see cref="End"/>.</summary>
    public static MessageRoom Of(object channel, Lender lender, int longest)
    {
        MessageRoom room = _idle ?? new MessageRoom();
        // A serializer may itself write to a channel.
        _idle = null;
        (room._channel, room._lender, room._longest) = (channel, lender, longest);
        return room;
    }

    /// <summary>Takes the thread's own, for a channel that lends no room: what is written is then copied into it.</summary>
    public static MessageRoom OfOwnMemory() => Of(_noChannel, static (_, _) => default, longest: 0);

    /// <summary>What was written lies in the channel's room: a loan of <see cref="WrittenCount"/> is it. Otherwise it is in <see cref="Written"/>.</summary>
    public bool IsInPlace => _array is null;

    public int WrittenCount => _written;

    public ReadOnlySpan<byte> Written => _array.AsSpan(0, _written);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length - _written);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _array is null ? Memory[_written..] : _array.AsMemory(_written, Length - _written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override Span<byte> GetSpan() => new(_room, _roomLength);

    // SAFETY: what is lent does not move; whoever pins it may use it no longer than the serializer writes.
    public override MemoryHandle Pin(int elementIndex = 0) => new(_room + elementIndex);

    public override void Unpin()
    {
    }

    /// <summary>Nothing that was given out can be used any more.</summary>
    public void End()
    {
        if (_array is not null)
            ArrayPool<byte>.Shared.Return(_array);
        _room = null;
        (_array, _roomLength, _written, _channel) = (null, 0, 0, null!);
        _idle = this;
    }

    protected override void Dispose(bool disposing)
    {
        // The room is the channel's.
    }

    private int Length => _array is null ? _roomLength : _array.Length;

    private void Grow(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        long needed = _written + (long)Math.Max(sizeHint, 1);
        if (needed <= Length)
            return;
        int wished = checked((int)Math.Max(needed, Math.Min(Array.MaxLength, Math.Max(FirstLength, 2L * Length))));
        // Who says how much it wants may want less than that; what is too long in the end, the channel refuses.
        if (_array is null && needed <= _longest && (TryLend(Math.Min(wished, _longest)) || TryLend((int)needed)))
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(wished);
        // Not GetSpan(): of the two, the compiler takes the one that grows.
        (_array is null ? new ReadOnlySpan<byte>(_room, _written) : _array.AsSpan(0, _written)).CopyTo(larger);
        if (_array is not null)
            ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }

    private bool TryLend(int length)
    {
        Span<byte> room = _lender(_channel, length);
        if (room.Length < length)
            return false;
        // SAFETY: shared memory, mapped as long as the channel's end is open, which the caller uses.
        _room = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(room));
        _roomLength = length;
        return true;
    }
}

using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A lane as somebody sees it who has no part in it and keeps nothing from being overwritten.</summary>
/// <remarks>
/// What it reads may be overwritten under its eyes. So it begins at a chunk, and looks afterwards whether that one was given up meanwhile: if not, all that it
/// read was right, else it looks again, nearer to the end. Until it knows, nothing that it read leads it out of the memory that the lane has.
/// </remarks>
internal sealed unsafe class LaneLook(LaneMemory memory, LaneState state, string channel)
{
    /// <summary>What <see cref="Last"/> found.</summary>
    /// <param name="Position">Where the record stands.</param>
    /// <param name="Number">Its number.</param>
    /// <param name="Header">Its header.</param>
    /// <param name="Beginning">A copy of what its payload begins with.</param>
    public readonly record struct Seen(long Position, long Number, ulong Header, byte[] Beginning);

    /// <summary>Where the next record will be written, and how many there were before.</summary>
    public (long Position, long Number) End()
    {
        for (int attempt = 0; attempt < LaneWalk.MostAttempts; attempt++)
        {
            long chunk = state.LastChunk;
            if (TryBegin(chunk, out (long, long) first) && TryWalk(first, long.MaxValue, null, () => IsThere(chunk), out (long, long) end))
                return end;
        }
        throw TooFast();
    }

    /// <summary>How many records come before a position that somebody holds. Null: it is held no more.</summary>
    /// <param name="position">Of the beginning of a record.</param>
    /// <param name="isHeld">Whether what stands from there on has been kept from being overwritten until now.</param>
    public long? NumberAt(long position, Func<bool> isHeld)
    {
        (long Position, long Number)? next = null;
        for (long chunk = state.LastChunk; TryBegin(chunk, out (long Position, long Number) first); chunk--)
        {
            next = first;
            if (first.Position > position)
                continue;
            long begun = chunk;
            return TryWalk(first, position, null, () => IsThere(begun), out (long Position, long Number) end) && end.Position == position ? end.Number : null;
        }
        // Chunks are given up before their readers have read them: the way from there to the oldest that is left.
        return next is { } oldest && TryWalk((position, 0), oldest.Position, null, isHeld, out (long Position, long Number) met) && met.Position == oldest.Position
            ? oldest.Number - met.Number
            : null;
    }

    /// <summary>Copies of the last records.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="length">How many bytes of each.</param>
    public IReadOnlyList<Seen> Last(int count, int length)
    {
        for (int attempt = 0; attempt < LaneWalk.MostAttempts; attempt++)
        {
            (_, long number) = End();
            long chunk = state.LastChunk;
            // Back to where so many records follow, or to the oldest.
            while (TryBegin(chunk - 1, out _) && (!TryBegin(chunk, out (long, long Number) begun) || begun.Number > number - count))
                chunk--;
            var seen = new System.Collections.Generic.Queue<Seen>();
            if (TryBegin(chunk, out (long, long) first) && TryWalk(first, long.MaxValue, Take, () => IsThere(chunk), out _))
                return [.. seen];

            void Take(long position, long at, ulong header)
            {
                if (at < number - count)
                    return;
                if (seen.Count == count)
                    seen.Dequeue();
                int copied = Math.Min(length, RecordHeader.PayloadOf(header));
                // SAFETY: the caller has seen that the whole record lies in memory.
                seen.Enqueue(new Seen(position, at, header, new ReadOnlySpan<byte>(memory.PayloadAt(position), copied).ToArray()));
            }
        }
        throw TooFast();
    }

    /// <summary>Where a chunk begins. False: it has been given up, or never was.</summary>
    private bool TryBegin(long chunk, out (long Position, long Number) first)
    {
        first = default;
        if (chunk < 0)
            return false;
        first = state.Chunk(chunk);
        if (!IsThere(chunk))
            return false;
        first = LaneWalk.Checked(memory, chunk, first, channel);
        return true;
    }

    private bool IsThere(long chunk)
    {
        // SYNC(oldest): pairs with the release and the fence in LaneState.GiveUpTo: what was read before is older than the writer's next stores, or this sees it.
        SharedAtomics.Fence();
        return chunk >= state.OldestChunk;
    }

    /// <summary>From one record to a position, or to where nothing is. False: it was overwritten meanwhile.</summary>
    private bool TryWalk((long Position, long Number) from, long until, Action<long, long, ulong>? take, Func<bool> isThere, out (long Position, long Number) end)
    {
        end = from;
        while (end.Position < until)
        {
            ulong header = Has(end.Position, 0) ? SharedAtomics.Acquire(memory.HeaderAt(end.Position)) : 0;
            if (header == 0)
                break;
            uint length = RecordHeader.ExtentOf(header);
            long next = end.Position + RecordHeader.StrideOf((int)Math.Min(length, RecordHeader.LongestPayload));
            if (length > (uint)memory.LongestPayload || next - from.Position > memory.Capacity || !Has(end.Position, length))
                return isThere() ? throw ChannelErrors.CorruptRecord(channel, end.Position, header) : false;
            take?.Invoke(end.Position, end.Number, header);
            end = (next, end.Number + 1);
        }
        return isThere();
    }

    /// <summary>The lane has memory for such a record there. What has not been written yet has none, and must not be touched.</summary>
    private bool Has(long position, long length)
    {
        long has = LaneWalk.CheckedMemory(memory, state, channel);
        return has == memory.Capacity || position + RecordHeader.Length + length <= has;
    }

    private SharedObjectException TooFast() => ChannelErrors.Corrupt(channel, "the chunks of a lane change as fast as one can look");
}

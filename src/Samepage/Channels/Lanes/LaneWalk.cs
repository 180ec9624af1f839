using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A way along the records of a lane, from the beginning of a chunk: how writers and readers find their place.</summary>
/// <remarks>What it passes must not be overwritten meanwhile: it is the writer's own, or its reader has made itself known.</remarks>
internal unsafe ref struct LaneWalk
{
    /// <summary>Chunks are given up many thousand times more rarely than this looks again.</summary>
    public const int MostAttempts = 1000;

    private readonly LaneMemory _memory;
    private readonly string _channel;

    private LaneWalk(LaneMemory memory, long chunk, (long Position, long Number) first, string channel)
    {
        _memory = memory;
        _channel = channel;
        Chunk = chunk;
        (Position, Number) = first;
    }

    /// <summary>Where it began.</summary>
    public long Chunk { get; }

    public long Position { get; private set; }

    /// <summary>Of the record at <see cref="Position"/>.</summary>
    public long Number { get; private set; }

    /// <summary>From the chunk that was begun last.</summary>
    public static LaneWalk FromLastChunk(LaneMemory memory, LaneState state, string channel)
    {
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (TryFrom(memory, state, state.LastChunk, channel, out LaneWalk walk))
                return walk;
        }
        throw ChannelErrors.Corrupt(channel, $"the oldest chunk of a lane ({state.OldestChunk:N0}) is behind the last ({state.LastChunk:N0})");
    }

    /// <summary>From a record that is known, and held.</summary>
    public static LaneWalk At(LaneMemory memory, (long Position, long Number) record, string channel) => new(memory, -1, record, channel);

    /// <summary>From a chunk. False: it was given up meanwhile, and its row may be another chunk's.</summary>
    public static bool TryFrom(LaneMemory memory, LaneState state, long chunk, string channel, out LaneWalk walk)
    {
        (long, long) first = chunk >= 0 ? state.Chunk(chunk) : default;
        if (chunk < state.OldestChunk)
        {
            walk = default;
            return false;
        }
        walk = new LaneWalk(memory, chunk, Checked(memory, chunk, first, channel), channel);
        return true;
    }

    /// <summary>Where a chunk's first record stands, if that can be.</summary>
    public static (long Position, long Number) Checked(LaneMemory memory, long chunk, (long Position, long Number) first, string channel)
    {
        // A record may reach over half of the lane, and so over chunks in which none begins.
        return chunk >= 0 && chunk < LaneBlock.LastPosition / memory.ChunkLength && first.Position >= chunk * memory.ChunkLength && first.Position <= (chunk + 1) * memory.ChunkLength + memory.Capacity / 2
            && first.Position % RecordHeader.Length == 0 && first.Number is >= 0 and <= LaneBlock.LastPosition
            ? first
            : throw ChannelErrors.Corrupt(channel, $"record {first.Number:N0} is said to be the first of chunk {chunk:N0} and to stand at {first.Position:N0}");
    }

    public static long CheckedMemory(LaneMemory memory, LaneState state, string channel)
    {
        long length = state.Memory;
        return length >= 0 && length <= memory.Capacity && length % SharedMemory.MappingGranularity == 0
            ? length
            : throw ChannelErrors.Corrupt(channel, $"a lane of {memory.Capacity:N0} bytes is said to have memory for {length:N0}");
    }

    /// <summary>To a record that is known to be further on.</summary>
    public void MoveTo(long position, long number) => (Position, Number) = (position, number);

    /// <summary>One record on. False: there is none yet.</summary>
    public bool TryNext()
    {
        // SYNC(record): pairs with the release in LaneWriter.Commit.
        ulong header = SharedAtomics.Acquire(_memory.HeaderAt(Position));
        if (header == 0)
            return false;
        uint length = RecordHeader.ExtentOf(header);
        if (length > (uint)_memory.LongestPayload)
            throw ChannelErrors.CorruptRecord(_channel, Position, header);
        Position += RecordHeader.StrideOf((int)length);
        Number++;
        return true;
    }

    /// <summary>To where the next record will be written.</summary>
    public void ToEnd()
    {
        long begun = Position;
        while (TryNext())
        {
            if (Position - begun > _memory.Capacity)
                throw ChannelErrors.Corrupt(_channel, $"more records follow the one at {begun:N0} than a lane of {_memory.Capacity:N0} bytes can hold");
        }
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>The one who writes a lane: records of any size up to half of it, written in place, and there as soon as their header is.</summary>
/// <remarks>For one thread at a time. Protocol, and every state in which a writer can die: docs/design/lane.md; model: tests/models/lane.pml.</remarks>
internal sealed unsafe class LaneWriter
{
    /// <summary>The ring gets its memory in such steps: as much as every page size divides.</summary>
    private const long MemoryStep = SharedMemory.MappingGranularity;

    private readonly LaneMemory _memory;
    private readonly LaneState _state;
    private readonly ILaneReaders _readers;

    // The begun chunks' first positions, which nobody else can spoil.
    private readonly long[] _chunks = new long[LaneBlock.ChunkCount];

    private long _head;
    private long _number;

    private long _limit;

    private long _lastChunk;
    private long _oldestChunk;
    private long _slowest;
    private long _memoryEnd;

    private bool _batching;
    private ulong* _first;
    private ulong _firstHeader;

    /// <summary>Goes on where the one before left off, or died.</summary>
    public LaneWriter(LaneMemory memory, LaneState state, ILaneReaders readers, string channel)
    {
        _memory = memory;
        _state = state;
        _readers = readers;
        LaneWalk walk = LaneWalk.FromLastChunk(memory, state, channel);
        _lastChunk = walk.Chunk;
        _oldestChunk = state.OldestChunk;
        if (_oldestChunk < 0 || _oldestChunk > _lastChunk || _lastChunk - _oldestChunk >= LaneBlock.ChunkCount)
            throw ChannelErrors.Corrupt(channel, $"of a lane's {LaneBlock.ChunkCount} chunks, those from {_oldestChunk:N0} to {_lastChunk:N0} are said to be there");
        for (long chunk = _oldestChunk; chunk <= _lastChunk; chunk++)
            _chunks[chunk % LaneBlock.ChunkCount] = LaneWalk.Checked(memory, chunk, state.Chunk(chunk), channel).Position;
        _memoryEnd = LaneWalk.CheckedMemory(memory, state, channel);
        // Readers, and this one here, look for the first header before there is one.
        GrowTo(RecordHeader.Length);
        walk.ToEnd();
        _head = walk.Position;
        _number = walk.Number;
        // Whom it would have to wait for is asked when it first needs room.
        _slowest = _head - memory.Capacity;
        LongestPayload = memory.LongestPayload;
    }

    /// <summary>Where the next record will begin.</summary>
    public long Head => _head;

    /// <summary>How many records were ever written.</summary>
    public long Number => _number;

    public int LongestPayload { get; }

    /// <summary>A record that ends here or before needs nothing but to be written. Less than a chunk ahead, and it only grows.</summary>
    public long Limit => _limit;

    /// <summary>Room for a payload of this length, which the caller has compared with <see cref="LongestPayload"/>; null: there is none now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* TryReserve(int length) =>
        _head + RecordHeader.StrideOf(length) <= _limit || MakeRoom(length) ? Room : null;

    /// <summary>The room that <see cref="TryReserve"/> gave.</summary>
    public byte* Room => _memory.PayloadAt(_head);

    /// <summary>What lies in the room for it is a record from now on; in a batch, from the batch's end on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Commit(int length, uint kind) => Put(length, RecordHeader.Of(length, kind));

    /// <summary>As <see cref="Commit(int, uint)"/>, with a trace context behind the payload, for which there is room as well.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Commit(int length, uint kind, in ActivityContext context)
    {
        TraceBlock.Write(new Span<byte>(Room + length, TraceBlock.Length), context);
        length += TraceBlock.Length;
        Put(length, RecordHeader.OfTraced(length, kind));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(int length, ulong record)
    {
        ulong* header = _memory.HeaderAt(_head);
        _head += RecordHeader.StrideOf(length);
        _number++;
        // Whatever lay there before never looks like a record: nobody comes there before this one is committed.
        SharedAtomics.Store(_memory.HeaderAt(_head), 0);
        CrashSwitch.Reach(CrashPoint.RecordCleared);
        if (_batching && _first is null)
        {
            _first = header;
            _firstHeader = record;
            return;
        }
        // SYNC(record): pairs with the acquire in LaneReader.TryPeek.
        SharedAtomics.Release(header, record);
        CrashSwitch.Reach(CrashPoint.RecordCommitted);
    }

    /// <summary>From here to <see cref="EndBatch"/> records come into view all at once: behind the first one's header, which is written last.</summary>
    public void BeginBatch() => _batching = true;

    public void EndBatch()
    {
        _batching = false;
        if (_first is null)
            return;
        // SYNC(record): pairs with the acquire in LaneReader.TryPeek.
        SharedAtomics.Release(_first, _firstHeader);
        _first = null;
        CrashSwitch.Reach(CrashPoint.BatchCommitted);
    }

    /// <summary>Whether there would be room for a payload of this length now. Changes nothing, and may be asked by any thread.</summary>
    public bool HasRoom(int length)
    {
        long end = _head + RecordHeader.StrideOf(length);
        long needed = end + RecordHeader.Length - _memory.Capacity;
        return end <= _limit || needed <= _readers.Slowest(needed);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MakeRoom(int length)
    {
        // Who begins to read at a chunk must find what comes before it: a batch that is not in view yet ends before the next one.
        bool batching = _batching;
        EndBatch();
        _batching = batching;
        BeginChunks();
        // The next header is cleared together with it.
        long end = _head + RecordHeader.StrideOf(length) + RecordHeader.Length;
        if (end > RoomEnd && !TryReclaim(end - _memory.Capacity))
            return false;
        GrowTo(Math.Min(end, _memory.Capacity));
        long free = Math.Min(RoomEnd, _memoryEnd == _memory.Capacity ? long.MaxValue : _memoryEnd);
        _limit = Math.Min(free - RecordHeader.Length, (_lastChunk + 1) * _memory.ChunkLength);
        return true;
    }

    private long RoomEnd => _slowest + _memory.Capacity;

    /// <summary>Writes down where the chunks begin that the head has come to.</summary>
    private void BeginChunks()
    {
        while (_head >= (_lastChunk + 1) * _memory.ChunkLength)
        {
            _lastChunk++;
            // Behind a long record room may reach into the chunk after the last: its row is that of the oldest.
            if (_lastChunk - _oldestChunk >= LaneBlock.ChunkCount)
                GiveUpTo(_lastChunk - LaneBlock.ChunkCount + 1);
            _chunks[_lastChunk % LaneBlock.ChunkCount] = _head;
            _state.BeginChunk(_lastChunk, _head, _number);
        }
    }

    /// <summary>Takes the room up to a position from those who have read it. False: somebody has not.</summary>
    private bool TryReclaim(long target)
    {
        long chunk = (target + _memory.ChunkLength - 1) / _memory.ChunkLength;
        if (chunk > _oldestChunk)
            GiveUpTo(chunk);
        else
            SharedAtomics.Fence();
        _slowest = Math.Min(_chunks[_oldestChunk % LaneBlock.ChunkCount], _readers.Slowest(target));
        return _slowest >= target;
    }

    private void GiveUpTo(long chunk)
    {
        _oldestChunk = chunk;
        _state.GiveUpTo(chunk);
    }

    private void GrowTo(long end)
    {
        if (end <= _memoryEnd)
            return;
        long wanted = Math.Min((end + MemoryStep - 1) / MemoryStep * MemoryStep, _memory.Capacity);
        _readers.GiveMemory(_memoryEnd, wanted - _memoryEnd);
        _memoryEnd = wanted;
        _state.Memory = wanted;
    }
}

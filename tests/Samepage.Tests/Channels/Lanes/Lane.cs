using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Lanes;

/// <summary>A lane by itself, with one reader whose place the test decides.</summary>
internal sealed unsafe class Lane : ILaneReaders, IDisposable
{
    public const long Capacity = 65536;
    public const long ChunkLength = Capacity / LaneBlock.ChunkCount;
    public const int Longest = (int)(Capacity / 2) - 16;

    private readonly SharedMemory _section;
    private readonly MemoryView _view;
    private readonly byte* _block;

    public Lane(long capacity = Capacity)
    {
        _section = SharedMemory.Create(Scene.NewName(), capacity, new SharedMemoryOptions { Reserve = true });
        _view = _section.MapMirroredReserved(0, capacity);
        Memory = new LaneMemory(_view.Address, capacity);
        _block = (byte*)NativeMemory.AlignedAlloc(LaneBlock.Length, 128);
        new Span<byte>(_block, LaneBlock.Length).Clear();
        State = new LaneState((nint)_block);
    }

    public LaneMemory Memory { get; }

    public LaneState State { get; }

    public long Slowest { get; set; } = long.MaxValue;

    long ILaneReaders.Slowest(long needed) => Slowest;

    /// <summary>Where the ring was given memory, in order.</summary>
    public List<(long Offset, long Length)> Given { get; } = [];

    /// <summary>What happens instead, when the ring asks for memory.</summary>
    public Exception? Refusal { get; set; }

    public void GiveMemory(long offset, long length)
    {
        if (Refusal is not null)
            throw Refusal;
        Given.Add((offset, length));
    }

    public LaneWriter Write() => new(Memory, State, this, "lane");

    public LaneReader Read() => new(Memory, "lane");

    /// <summary>As if everything before this chunk had been written and given up.</summary>
    public void BeginAt(long chunk, long number)
    {
        Spoil(LaneBlock.MemoryOffset, Memory.Capacity);
        State.BeginChunk(chunk, chunk * Memory.ChunkLength, number);
        State.GiveUpTo(chunk);
    }

    public void Spoil(int offset, long value) => *(long*)(_block + offset) = value;

    /// <summary>A message that says who it is, all through its length. False: no room.</summary>
    public static bool TryWrite(LaneWriter writer, int length)
    {
        byte* room = writer.TryReserve(length);
        if (room is null)
            return false;
        Fill(new Span<byte>(room, length), writer.Number);
        writer.Commit(length, (uint)writer.Number);
        return true;
    }

    /// <summary>Reads one message, and checks all of it. Null: there is none.</summary>
    public static int? TryRead(LaneReader reader)
    {
        byte* payload = reader.TryPeek(out int length, out uint kind);
        if (payload is null)
            return null;
        Assert.Equal((uint)reader.Number, kind);
        var expected = new byte[length];
        Fill(expected, reader.Number);
        Assert.True(new ReadOnlySpan<byte>(payload, length).SequenceEqual(expected), $"message {reader.Number} of {length} bytes is another");
        reader.Advance(length);
        return length;
    }

    /// <summary>Every row that one may begin to read at names a record that is there.</summary>
    public void AssertRowsAreRight(LaneWriter writer)
    {
        long oldest = State.OldestChunk;
        long last = State.LastChunk;
        Assert.InRange(last - oldest, 0, LaneBlock.ChunkCount - 1);
        for (long chunk = oldest; chunk <= last; chunk++)
        {
            Assert.True(LaneWalk.TryFrom(Memory, State, chunk, "lane", out LaneWalk walk));
            walk.ToEnd();
            Assert.Equal((writer.Head, writer.Number), (walk.Position, walk.Number));
        }
    }

    public void Dispose()
    {
        _view.Dispose();
        _section.Dispose();
        NativeMemory.AlignedFree(_block);
    }

    private static void Fill(Span<byte> message, long number)
    {
        message.Fill((byte)(number * 31 + 7));
        if (message.Length >= sizeof(long))
            BinaryPrimitives.WriteInt64LittleEndian(message, number);
    }
}

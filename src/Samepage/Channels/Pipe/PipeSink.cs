using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What one end of a connection writes.</summary>
/// <remarks>For one thread at a time, but for <see cref="Dispose"/>.</remarks>
internal sealed unsafe class PipeSink : ILaneReaders, IDisposable
{
    /// <summary>The part of a lane that bytes are written in, so that the other end reads the first while the next are written.</summary>
    private const int PiecesOfLane = 8;

    private readonly PipeCore _core;
    private readonly Sleepers _sleepers;
    private readonly ReaderState _peer;
    private readonly LaneWriter _writer;
    private readonly WritingEnd _end;
    private readonly int _piece;
    private readonly long _begun;
    private long _bytes;
    private int _wanted;
    private bool _completed;
    private bool _closed;

    public PipeSink(PipeCore core, WaitStrategy strategy)
    {
        _core = core;
        _sleepers = core.SleepersAt(core.Side);
        _peer = core.Memory.ReaderAt(core.PeerSide);
        _end = new WritingEnd(this, _sleepers, strategy);
        _sleepers.Announce();
        _writer = new LaneWriter(core.Memory.RingAt(core.Side), core.Memory.LaneAt(core.Side), this, core.Name);
        _begun = _writer.Number;
        _piece = (int)(core.Memory.Shape.Capacity / PiecesOfLane);
    }

    public ChannelEnd End => _end;

    public int LongestPayload => _writer.LongestPayload;

    public long Slowest(long needed) => _peer.Owner == 0 ? ReaderBlock.Nowhere : _peer.Position(_core.Side);

    public void GiveMemory(long offset, long length) => _core.Memory.GiveMemory(_core.Side, offset, length);

    /// <summary>Room for so many bytes; null: there is none now.</summary>
    /// <exception cref="SharedObjectException">Nobody will read them.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* TryReserve(int length)
    {
        if (_closed || _completed || _core.PeerDied || _peer.Owner != _core.Peer)
            CheckReader();
        byte* room = _writer.TryReserve(length);
        if (room is null)
            _wanted = length;
        return room;
    }

    /// <summary>They are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Commit(int length)
    {
        _writer.Commit(length, 0);
        Committed(length);
    }

    /// <summary>They are there, and what this is a part of goes along, if there is room for it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void CommitTraced(int length)
    {
        if (Tracing.TryGetContext(out ActivityContext context) && WithTrace(length) != length && _writer.TryReserve(WithTrace(length)) is not null)
            _writer.Commit(length, 0, context);
        else
            _writer.Commit(length, 0);
        Committed(length);
    }

    /// <summary>The length of the longest messages leaves no room for it: they go without.</summary>
    public int WithTrace(int length) => length <= LongestPayload - TraceBlock.Length ? length + TraceBlock.Length : length;

    private void Committed(int length)
    {
        _bytes += length;
        _sleepers.Wake();
        _end.Found();
    }

    /// <summary>Writes as much as is written at once. 0: there is no room now.</summary>
    public int TryWriteSome(ReadOnlySpan<byte> bytes)
    {
        int length = Math.Min(bytes.Length, _piece);
        byte* room = TryReserve(length);
        if (room is null)
            return 0;
        bytes[..length].CopyTo(new Span<byte>(room, length));
        Commit(length);
        return length;
    }

    /// <summary>Nothing more will be written: the other end reads what is there, and then the end.</summary>
    public void Complete()
    {
        if (_completed)
            return;
        _completed = true;
        _core.Memory.LaneAt(_core.Side).Leave();
        _sleepers.WakeCarefully();
    }

    public void Dispose()
    {
        _closed = true;
        Complete();
        _end.Dispose();
    }

    /// <summary>Why nothing need be waited for.</summary>
    private bool IsOver => _closed || _completed || _core.PeerDied || _core.TryMeet() && _peer.Owner != _core.Peer;

    private void CheckReader()
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(PipeConnection));
        if (_completed)
            throw new InvalidOperationException("Writing was completed: nothing more can be written.");
        _ = _core.TryMeet();
        ulong owner = _peer.Owner;
        if (owner == 0)
            throw _core.Closed();
        if (_core.PeerDied)
            throw _core.Dead();
        // Who joins takes its reader's place first, and is met only when it has the writer's too.
        if (owner != _core.Peer && _core.Peer != PipeSide.Awaited)
            throw _core.Strange("read", owner);
    }

    private sealed class WritingEnd(PipeSink sink, Sleepers sleepers, WaitStrategy strategy) : ChannelEnd(sleepers, PipeSide.WriterEnd, strategy)
    {
        public override bool IsReady => sink.IsOver || sink._writer.HasRoom(sink._wanted);

        protected override SharedObjectKind? Writes => SharedObjectKind.Pipe;

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            counts.Sent += sink._core.Mode == PipeMode.Messages ? sink._writer.Number - sink._begun : 0;
            counts.SentBytes += sink._bytes;
            counts.Rings += sink._sleepers.Rings;
            counts.Reclaimed += sink._core.PeerDied ? 1 : 0;
        }

        protected override void BeforeSleep() => sink._core.TryMeet();
    }
}

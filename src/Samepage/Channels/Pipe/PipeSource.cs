using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>What one end of a connection reads.</summary>
/// <remarks>For one thread at a time, but for <see cref="Dispose"/>.</remarks>
internal sealed unsafe class PipeSource : IDisposable
{
    /// <summary>The part of a lane after which the reader says how far it has come.</summary>
    private const int StepsToTell = 8;

    private readonly PipeCore _core;
    private readonly Sleepers _sleepers;
    private readonly LaneState _lane;
    private readonly ReaderState _me;
    private readonly LaneReader _reader;
    private readonly ReadingEnd _end;
    private readonly long _step;
    private long _bytes;
    private long _told;
    private int _offset;
    private bool _met;
    private bool _completed;
    private bool _closed;

    public PipeSource(PipeCore core, WaitStrategy strategy)
    {
        _core = core;
        _sleepers = core.SleepersAt(core.PeerSide);
        _lane = core.Memory.LaneAt(core.PeerSide);
        _me = core.Memory.ReaderAt(core.Side);
        _reader = new LaneReader(core.Memory.RingAt(core.PeerSide), core.Name);
        _end = new ReadingEnd(this, _sleepers, strategy);
        _step = core.Memory.Shape.Capacity / StepsToTell;
    }

    public ChannelEnd End => _end;

    /// <summary>The next record, which stays where it is until <see cref="Advance"/>; null: there is none yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* TryPeek(out int length)
    {
        length = 0;
        if ((!_met || _completed) && !MayRead())
            return null;
        byte* payload = _reader.TryPeek(out length, out _);
        if (payload is not null)
            _end.Found();
        return payload;
    }

    /// <summary>It has been read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int length)
    {
        _bytes += length;
        _reader.Advance(length + _reader.TakeTrace());
        if (_reader.Position - _told >= _step)
            Tell();
    }

    /// <inheritdoc cref="LaneReader.TraceOf"/>
    public ActivityContext TraceOf(int length) => _reader.TraceOf(length);

    /// <summary>Nothing is there, and nothing will come any more.</summary>
    /// <exception cref="SharedObjectException">The other end died, or its place is damaged.</exception>
    public bool IsOver
    {
        get
        {
            if (!HasEnded)
                return false;
            // What was written before stands before it.
            if (!_reader.IsEmpty)
                return false;
            if (_core.PeerDied && _lane.Owner != 0)
                throw _core.Dead();
            return _lane.Owner is var owner && owner == 0 || owner == _core.Peer ? true : throw _core.Strange("write", owner);
        }
    }

    /// <summary>As <see cref="IsOver"/>, however it has ended.</summary>
    public bool IsExhausted => HasEnded && _reader.IsEmpty;

    /// <summary>Reads what is there, as far as there is room. 0: nothing is there.</summary>
    public int TryReadSome(Span<byte> buffer)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            byte* payload = TryPeek(out int length);
            if (payload is null)
                break;
            int count = Math.Min(length - _offset, buffer.Length - done);
            // Shorter than what was read of it already: it was changed since.
            if (count < 0)
                throw ChannelErrors.Corrupt(_core.Name, $"a record has become {length:N0} bytes long, of which {_offset:N0} were read");
            new ReadOnlySpan<byte>(payload + _offset, count).CopyTo(buffer[done..]);
            done += count;
            _offset += count;
            if (_offset < length)
                break;
            _offset = 0;
            Advance(length);
        }
        return done;
    }

    /// <summary>Nothing more will be read: whoever writes is told.</summary>
    public void Complete()
    {
        if (_completed)
            return;
        _completed = true;
        _me.Leave();
        _sleepers.WakeCarefully();
    }

    public void Dispose()
    {
        _closed = true;
        Complete();
        _end.Dispose();
    }

    private bool MayRead()
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(PipeConnection));
        if (_completed)
            throw new InvalidOperationException("Reading was completed: nothing more can be read.");
        return _met = _core.TryMeet();
    }

    private bool IsThere => _met || _core.TryMeet();

    /// <summary>No other process writes there any more.</summary>
    private bool HasEnded => IsThere && (_core.PeerDied || _lane.Owner != _core.Peer);

    private void Tell()
    {
        if (_told == _reader.Position || _completed)
            return;
        _told = _reader.Position;
        _me.SetPosition(_core.PeerSide, _told);
        _sleepers.WakeCarefully();
    }

    private sealed class ReadingEnd(PipeSource source, Sleepers sleepers, WaitStrategy strategy) : ChannelEnd(sleepers, PipeSide.ReaderEnd, strategy)
    {
        public override bool IsReady => source._closed || source._completed || source.IsThere && (!source._reader.IsEmpty || source.HasEnded);

        public override long? Lag => source._core.Mode != PipeMode.Messages || !source._met ? null
            : Math.Max(0, new LaneLook(source._reader.Memory, source._lane, source._core.Name).End().Number - source._reader.Number);

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            counts.Received += source._core.Mode == PipeMode.Messages ? source._reader.Number : 0;
            counts.ReceivedBytes += source._bytes;
            counts.Rings += source._sleepers.Rings;
        }

        protected override void BeforeSleep()
        {
            source.Tell();
            _ = source._core.TryMeet();
        }
    }
}

using Samepage.Atomics;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>The places for calls of one client, and the end that waits for what becomes of them.</summary>
internal sealed class ClientCalls : IDisposable
{
    private readonly ServiceLane _places;
    private readonly PendingCall?[] _calls;
    private readonly Lock _gate = new();
    private readonly End _end;
    private readonly int _lane;
    private int _used;
    private uint _isDisposed;
    private uint _isGivenUp;

    public ClientCalls(ServiceCore core, WaitStrategy strategy)
    {
        ChannelEnd.Check(strategy);
        Core = core;
        _calls = new PendingCall?[core.Calls];
        ChannelCore channel = core.Channel;
        _lane = channel.TakeLane();
        try
        {
            _end = new End(this, strategy);
            Waits = new CallWaits(this, _end);
            _places = core.LaneAt(_lane);
            channel.Memory.Use(_lane);
        }
        catch
        {
            channel.Memory.LaneAt(_lane).Leave();
            throw;
        }
        channel.Add(_end);
        // Whoever sleeps watches this process from now on.
        channel.Readers.WakeCarefully();
    }

    public ServiceCore Core { get; }

    public string Name => Core.Channel.Name;

    public CallWaits Waits { get; }

    public bool IsDisposed => SharedAtomics.Acquire(ref _isDisposed) != 0;

    public bool Spins => _end.Spins;

    public bool Wait(TimeSpan timeout, CancellationToken token) => _end.Wait(timeout, token);

    /// <summary>Something was taken without waiting.</summary>
    public void Found() => _end.Found();

    /// <summary>A call, asked. Its maker is busy with it, which keeps the memory mapped, until it is lent or closed.</summary>
    public PendingCall Ask(ReadOnlySpan<byte> request, bool isStream)
    {
        if (request.Length > Core.Block.LongestRequest)
            throw new ArgumentException($"A request of {request.Length:N0} bytes does not fit into service \"{Name}\", which takes {Core.Block.LongestRequest:N0} at most.");
        PendingCall call = Open();
        try
        {
            call.Ask(request, isStream);
            return call;
        }
        catch
        {
            Close(call);
            throw;
        }
    }

    /// <summary>Its place is free for the next; a server that still has it is told.</summary>
    public void Close(PendingCall call)
    {
        call.IsAwaited = false;
        call.End(succeeded: false);
        CallSlot slot = call.Slot;
        if (slot.State is { Phase: CallPhase.Answered } answered)
            slot.Free(answered);
        else
            Core.Withdraw(slot);
        Leave(call);
    }

    /// <summary>Its response is read where it lies.</summary>
    public void Lend(PendingCall call)
    {
        call.Use.Lend();
        if (IsDisposed)
            TryGiveUp();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (IsDisposed)
                return;
            SharedAtomics.Release(ref _isDisposed, 1);
        }
        // Who leaves a place now either sees that, or its leaving is seen below; so leaving needs no fence of its own.
        SharedAtomics.FenceAllThreads();
        Waits.EndAll();
        _end.Dispose();
        TryGiveUp();
    }

    private PendingCall Open()
    {
        for (int i = 0; i < _calls.Length; i++)
        {
            PendingCall? call = SharedAtomics.Observe(ref _calls[i]);
            if (call is not null && !call.Use.TryOpen())
                continue;
            call ??= Make(i);
            if (call is null)
                continue;
            if (IsDisposed)
            {
                Leave(call);
                throw new ObjectDisposedException(nameof(ServiceClient));
            }
            // One that was given up is the server's until it knows of that.
            if (call.Slot.State.Phase == CallPhase.Free)
                return call;
            Leave(call);
        }
        throw new SharedObjectException(FailureReason.LimitReached,
            $"This client of service \"{Name}\" has {_calls.Length:N0} calls already, and it was made for no more. Wait for one of them, or make another client.",
            Name, SharedObjectKind.Service);
    }

    /// <summary>Null: another thread was faster, and calls there.</summary>
    private PendingCall? Make(int place)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, typeof(ServiceClient));
            if (_calls[place] is { } made)
                return made.Use.TryOpen() ? made : null;
            if (place >= _places.Used)
                _places.Use(place);
            var call = new PendingCall(this, _places.SlotAt(place));
            _ = call.Use.TryOpen();
            SharedAtomics.Publish(ref _calls[place], call);
            _used = Math.Max(_used, place + 1);
            return call;
        }
    }

    private void Leave(PendingCall call)
    {
        call.Use.Close();
        if (IsDisposed)
            TryGiveUp();
    }

    /// <summary>Once it is disposed, the last who is busy gives the places up.</summary>
    private void TryGiveUp()
    {
        lock (_gate)
        {
            foreach (PendingCall? call in _calls)
            {
                if (call is not null && !call.Use.TryRevoke())
                    return;
            }
        }
        if (!SharedAtomics.CompareExchange(ref _isGivenUp, 0, 1))
            return;
        ChannelCore channel = Core.Channel;
        Damage.PassOver(() => Core.EndClient(_lane));
        channel.Writers.Forget(_lane);
        channel.Memory.LaneAt(_lane).Leave();
        channel.Remove(_end);
    }

    private sealed class End(ClientCalls calls, WaitStrategy strategy) : ChannelEnd(calls.Core.Channel.Writers, calls._lane, strategy)
    {
        public override bool IsReady
        {
            get
            {
                if (calls.IsDisposed || calls.Waits.HasAttention)
                    return true;
                for (int i = 0; i < calls._used; i++)
                {
                    if (calls._calls[i] is { IsAwaited: true } call && call.HasNews)
                        return true;
                }
                return false;
            }
        }

        protected override bool MayBeReady
        {
            get
            {
                for (int i = 0; i < calls._used; i++)
                {
                    if (calls._calls[i] is { IsAwaited: true } call && call.MayHaveNews)
                        return true;
                }
                return false;
            }
        }

        public override void AddTo(ref Counts counts)
        {
            base.AddTo(ref counts);
            foreach (PendingCall? call in calls._calls)
            {
                if (call is not null)
                    counts.Add(call.Counts);
            }
        }

        // A server may die before it has told of a response.
        protected override void BeforeSleep() => calls.Core.Channel.WatchReaders();
    }
}

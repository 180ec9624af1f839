using System.Diagnostics.CodeAnalysis;
using Samepage.Diagnostics;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>The calls that one server has, by client and place, and the bell by which it is told of what concerns them.</summary>
internal sealed class HeldCalls
{
    private readonly ServiceCore _core;
    private readonly int _server;
    private readonly Lane[] _lanes;
    private readonly Lock _gate = new();
    private readonly List<HeldCall> _made = [];
    private SharedEvent? _bell;
    private bool _hasLeft;

    public HeldCalls(ServiceCore core, int server)
    {
        _core = core;
        _server = server;
        _lanes = new Lane[core.Channel.Memory.Shape.Lanes];
    }

    /// <summary>Takes a request of this client. For one thread at a time.</summary>
    public bool TryTake(int lane, out ServiceRequest request)
    {
        ref Lane calls = ref _lanes[lane];
        ServiceLane places = _core.LaneAt(lane);
        int used = places.Used;
        int next = calls.Next;
        for (int i = 0; i < used; i++, next++)
        {
            if (next >= used)
                next = 0;
            CallSlot slot = places.SlotAt(next);
            CallState state = slot.State;
            if (state.Phase != CallPhase.Waiting)
                continue;
            // On its way while the exchange is.
            slot.FetchRequest();
            if (!slot.TryTake(state, _server))
                continue;
            calls.Next = next + 1;
            request = Hold(lane, next, slot, state.TakenBy(_server));
            return true;
        }
        request = default;
        return false;
    }

    /// <summary>From now on whoever has a call is told when nobody wants it any more, or when there is room.</summary>
    /// <param name="lane">Of its client.</param>
    public void Watch(int lane)
    {
        lock (_gate)
        {
            if (_hasLeft)
                return;
            if (_bell is null)
            {
                _bell = _core.MakeServerBell(_server);
                _ = ListenAsync(_bell);
            }
        }
        // Should it have died, its calls are cancelled now.
        ChannelCore channel = _core.Channel;
        ulong client = channel.Memory.LaneAt(lane).Owner;
        if (client != 0)
            _ = channel.IsGone(client);
    }

    /// <summary>The server stops serving: no more are taken.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _hasLeft = true;
            // Within, as who listens disposes it when it sees that.
            if (_bell is { } bell)
                Damage.PassOver(bell.Set);
        }
        // No more are made. Not under the gate, which who answers takes within a call's own.
        foreach (HeldCall call in _made)
            call.Leave(_server);
    }

    public void AddTo(ref Counts counts)
    {
        lock (_gate)
        {
            foreach (HeldCall call in _made)
                counts.Add(call.Counts);
        }
    }

    private async Task ListenAsync(SharedEvent bell)
    {
        using (bell)
        {
            for (int i = 0; ; i = 0)
            {
                _ = await bell.WaitAsync().ConfigureAwait(false);
                // First, so that what comes while it looks is seen next.
                bell.Reset();
                for (; TryGet(i, out HeldCall? call); i++)
                    call.Look();
                lock (_gate)
                {
                    if (_hasLeft)
                        return;
                }
            }
        }
    }

    private bool TryGet(int index, [NotNullWhen(true)] out HeldCall? call)
    {
        lock (_gate)
        {
            call = !_hasLeft && index < _made.Count ? _made[index] : null;
            return call is not null;
        }
    }

    private ServiceRequest Hold(int lane, int place, CallSlot slot, CallState taken)
    {
        uint length = slot.RequestLength;
        if (length > (uint)_core.Block.LongestRequest)
        {
            ServiceCore.End(slot, _server, CallPhase.Left);
            throw ChannelErrors.Corrupt(_core.Channel.Name, $"a request is said to have {length:N0} bytes");
        }
        HeldCall?[] calls = _lanes[lane].Calls ??= new HeldCall?[_core.Calls];
        HeldCall call = calls[place] ?? (calls[place] = Make(lane, slot));
        if (!call.TryBegin(taken, (int)length))
        {
            ServiceCore.End(slot, _server, CallPhase.Left);
            throw ChannelErrors.Corrupt(_core.Channel.Name, "a call is said to wait for a server that this one has not answered yet");
        }
        return new ServiceRequest(call);
    }

    private HeldCall Make(int lane, CallSlot slot)
    {
        var call = new HeldCall(this, _core, lane, slot);
        lock (_gate)
            _made.Add(call);
        return call;
    }

    private struct Lane
    {
        public HeldCall?[]? Calls;
        public int Next;
    }
}

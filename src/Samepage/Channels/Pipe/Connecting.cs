using System.Diagnostics.CodeAnalysis;
using Samepage.Atomics;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>One attempt to connect: what it has asked for, and what it waits for.</summary>
/// <remarks>
/// Where it has asked it waits for the answer. Where there is no listener, or no place to ask, it waits for the event that is rung when there may be, and which whoever has
/// news looks for afterwards. An event that is reset before each look has room for one who looks: the others wait for that turn, a lock that the death of its holder
/// hands on.
/// </remarks>
internal sealed class Connecting(ObjectName name, WaitStrategy strategy) : IDisposable
{
    private readonly SharedAccess _access = name.Scope == SharedObjectScope.Global ? SharedAccess.Everyone : SharedAccess.User;
    private readonly Lock _gate = new();
    private SharedLock? _turn;
    private SharedEvent? _changed;
    private Rendezvous? _rendezvous;
    private PipeConnection? _asked;
    private int _place = -1;
    private ulong _listener;
    private nint _listenerDied;

    /// <summary>To be waited for when <see cref="TryAsk"/> was in vain: the turn, of which <see cref="Woken"/> is to be told, or with it the event.</summary>
    public SharedWaitable Change => _changed ?? (SharedWaitable)(_turn ??= SharedLock.CreateOrOpen(PartName.Of(name, "turn"), out _, _access));

    public bool HasAsked => Answer is not null;

    /// <summary>To be waited for when <see cref="TryAsk"/> has asked.</summary>
    public ChannelEnd? Answer { get; private set; }

    /// <summary>Asks whoever listens. False: nobody does, or there is no place to ask.</summary>
    public bool TryAsk()
    {
        Withdraw();
        _changed?.Reset();
        if (Rendezvous.TryOpen(name) is not { } found)
            return false;
        _listener = found.Listener;
        if (_listener == 0 || !found.Lives.IsAlive(_listener))
        {
            found.Dispose();
            return false;
        }
        _rendezvous = found;
        SharedAtomics.Release(ref _listenerDied, 0);
        found.TellEnd(Ended);
        _place = found.TakePlace();
        if (_place < 0)
            return false;
        ulong id = Rendezvous.NewId();
        _asked = PipeConnection.Around(PipeCore.Make(found.NameOf(id), found.OfConnection), strategy, name.Full);
        Answer = new AnswerEnd(this, found.Clients, _place, strategy);
        found.Ask(_place, id);
        GiveUpTurn();
        return true;
    }

    /// <summary>What was waited for has come.</summary>
    public void Woken()
    {
        if (_changed is not null)
            return;
        try
        {
            _changed = SharedEvent.CreateOrOpen(Rendezvous.ChangedName(name), EventResetMode.ManualReset, out _, access: _access);
        }
        finally
        {
            if (_changed is null)
                _turn!.Release();
        }
    }

    /// <summary>False: whoever listened does not any more, or there is no answer yet.</summary>
    /// <exception cref="SharedObjectException">The listener could not open the connection.</exception>
    public bool TryTake([NotNullWhen(true)] out PipeConnection? connection)
    {
        connection = null;
        if (_asked!.IsConnected)
        {
            (connection, _asked) = (_asked, null);
            Withdraw();
            return true;
        }
        return _rendezvous!.IsRefused(_place)
            ? throw new SharedObjectException(FailureReason.OutOfSpace,
                $"Whoever listens to the pipe \"{name.Full}\" could not open the connection: it has too much open, or too little memory.", name.Full, SharedObjectKind.Pipe)
            : false;
    }

    public void Dispose()
    {
        Withdraw();
        Damage.PassOver(GiveUpTurn);
        _turn?.Dispose();
    }

    private void GiveUpTurn()
    {
        if (_changed is null)
            return;
        lock (_gate)
        {
            _changed.Dispose();
            _changed = null;
        }
        _turn!.Release();
    }

    private bool IsAnswered => _asked!.IsConnected || !_rendezvous!.IsPending(_place) || _rendezvous.Listener != _listener
        || SharedAtomics.Acquire(ref _listenerDied) != 0;

    private void Ended(ulong life)
    {
        if (life == _listener)
            SharedAtomics.Release(ref _listenerDied, 1);
        lock (_gate)
        {
            if (_changed is { } changed)
                Damage.PassOver(changed.Set);
        }
        Answer?.Nudge();
    }

    private void Withdraw()
    {
        _rendezvous?.TellEnd(null);
        Answer?.Dispose();
        Answer = null;
        if (_place >= 0)
            Damage.PassOver(() => _rendezvous!.LeavePlace(_place));
        _place = -1;
        _asked?.Dispose();
        _asked = null;
        _rendezvous?.Dispose();
        _rendezvous = null;
    }

    private sealed class AnswerEnd(Connecting attempt, Sleepers clients, int place, WaitStrategy strategy) : ChannelEnd(clients, place, strategy)
    {
        public override bool IsReady => attempt.IsAnswered;

        // The listener has been watched since before it was asked.
        protected override void BeforeSleep()
        {
        }
    }
}

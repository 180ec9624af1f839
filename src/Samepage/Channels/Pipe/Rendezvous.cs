using System.Globalization;
using System.Security.Cryptography;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>Where a listener and its clients meet: a channel of one lane, whose owner listens, and whose readers are the clients that ask. Nothing is written in it.</summary>
/// <remarks>Protocol: docs/design/pipe.md.</remarks>
internal sealed class Rendezvous : IDisposable
{
    /// <summary>How the parts begin that are the connections.</summary>
    public const string ConnectionPart = "connection.";

    private readonly ChannelMemory _memory;
    private readonly Lock _gate = new();
    private Action<ulong>? _ended;
    private int _users = 1;

    private Rendezvous(ChannelMemory memory)
    {
        _memory = memory;
        ChannelShape shape = memory.Shape;
        Clients = new Sleepers(memory.AddressOf(ChannelLayout.ReadersAsleep), shape.Readers, new BellBoard(memory.Name, "client", shape.Readers, shape.Access));
        Listeners = new Sleepers(memory.AddressOf(ChannelLayout.WritersAsleep), 1, new BellBoard(memory.Name, "listener", 1, shape.Access));
        Lives = new PeerLives(memory.Name.Scope, Ended);
    }

    public string Name => _memory.Name.Full;

    public SharedObjectInfo Info => _memory.Info;

    public Sleepers Clients { get; }

    public Sleepers Listeners { get; }

    public PeerLives Lives { get; }

    public int Places => _memory.Shape.Readers;

    /// <summary>What each connection is made like.</summary>
    public ChannelShape OfConnection => _memory.Shape with { Lanes = PipeSide.Count, Readers = PipeSide.Count };

    /// <summary>The life of the process that listens; 0: nobody does.</summary>
    public ulong Listener => _memory.LaneAt(0).Owner;

    public static Rendezvous Make(ObjectName name, in ChannelShape shape)
    {
        // Clients of a listener that is gone may still have it open.
        var made = new Rendezvous(ChannelMemory.Make(name, shape, openExisting: true, out bool created));
        try
        {
            ulong former = created ? 0 : made.Listener;
            if (former != 0 && !made.Lives.HasEnded(former) || !made._memory.LaneAt(0).TryOwn(former, made.Lives.Own))
                throw Taken(name, "A listener of that name is there already. Connect to it, or choose another name.");
            made.Listeners.Forget(0);
            LaneState listener = made._memory.LaneAt(0);
            listener.ProcessId = Environment.ProcessId;
            // Whoever asked the listener before asks again.
            made.DropRequests();
            made.Clients.WakeCarefully();
            return made._memory.Shape == shape ? made : throw made.Different(name);
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Null: there is none.</summary>
    public static Rendezvous? TryOpen(ObjectName name)
    {
        if (ChannelMemory.TryOpen(name, SharedObjectKind.Pipe) is not { } memory)
            return null;
        if (memory.Shape.Lanes == 1 && Enum.IsDefined((PipeMode)memory.Shape.Mode))
            return new Rendezvous(memory);
        memory.Dispose();
        throw ChannelErrors.Corrupt(name.Full, $"a listener has one lane, and this one {memory.Shape.Lanes:N0} in mode {memory.Shape.Mode}");
    }

    /// <summary>What is called when a process has ended that is watched, on a thread of the library; not again when null has been set.</summary>
    public void TellEnd(Action<ulong>? ended)
    {
        lock (_gate)
            _ended = ended;
    }

    /// <summary>A client's place, for its request; -1: all are taken, and this process is told when one of those who have them ends.</summary>
    public int TakePlace()
    {
        for (int place = 0; place < Places; place++)
        {
            ReaderState state = _memory.ReaderAt(place);
            // Again: whoever was faster must be watched.
            while (state.Owner is var owner && (owner == 0 || !Lives.IsAlive(owner)))
            {
                if (!state.TryOwn(owner, Lives.Own))
                    continue;
                Clients.Forget(place);
                state.ProcessId = Environment.ProcessId;
                return place;
            }
        }
        return -1;
    }

    /// <summary>Asks for a connection, which is there.</summary>
    public void Ask(int place, ulong id)
    {
        RequestAt(place).Ask(id);
        Listeners.WakeCarefully();
    }

    /// <summary>False: there is an answer, or whoever listened does not any more.</summary>
    public bool IsPending(int place) => ConnectRequest.IsPending(RequestAt(place).Value);

    public bool IsRefused(int place) => ConnectRequest.IsRefused(RequestAt(place).Value);

    /// <summary>Gives a place back, whatever became of what was asked there.</summary>
    public void LeavePlace(int place)
    {
        RequestAt(place).Clear();
        Clients.Forget(place);
        _memory.ReaderAt(place).Leave();
        SharedAtomics.Fence();
        RingChanged(_memory.Name);
    }

    /// <summary>True when somebody asks.</summary>
    public bool IsAsked
    {
        get
        {
            for (int place = 0; place < Places; place++)
            {
                if (ConnectRequest.IsAsked(RequestAt(place).Value))
                    return true;
            }
            return false;
        }
    }

    /// <summary>Takes the next request from a place on; each is taken once. False: nobody asks.</summary>
    public bool TryTake(ref int place, out ulong request)
    {
        for (int i = 0; i < Places; i++)
        {
            place = place + 1 < Places ? place + 1 : 0;
            RequestState state = RequestAt(place);
            request = state.Value;
            if (ConnectRequest.IsAsked(request) && state.TryMove(request, ConnectRequest.Taken(request)))
            {
                CrashSwitch.Reach(CrashPoint.RequestTaken);
                return true;
            }
        }
        request = 0;
        return false;
    }

    /// <summary>What was taken is done: the client looks.</summary>
    public void Answer(int place, ulong request, bool accepted)
    {
        if (!accepted)
        {
            _ = RequestAt(place).TryMove(ConnectRequest.Taken(request), ConnectRequest.Refused(request));
            CrashSwitch.Reach(CrashPoint.RequestRefused);
        }
        Clients.WakeEnd(place);
    }

    /// <summary>This process does not listen any more.</summary>
    // What was asked stays for the next: who drops it when somebody else listens, and dies then, leaves a client that nobody looks after.
    public void Leave()
    {
        _memory.LaneAt(0).Leave();
        Clients.WakeCarefully();
    }

    public ObjectName NameOf(ulong id) => ObjectName.Parse(PartName.Of(_memory.Name, string.Create(CultureInfo.InvariantCulture, $"{ConnectionPart}{id:x16}")));

    public static ulong NewId() => ConnectRequest.IdOf(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

    /// <summary>That of the event that is rung when there may be a listener, or a place: a part of the pipe that is there while somebody waits for that.</summary>
    public static string ChangedName(ObjectName name) => PartName.Of(name, "changed");

    public static void RingChanged(ObjectName name)
    {
        if (!SharedEvent.TryOpen(ChangedName(name), out SharedEvent? changed))
            return;
        using (changed)
            changed.Set();
    }

    /// <summary>A wait begins, which may outlast the listener: it disposes this once more.</summary>
    public void Retain()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_users == 0, typeof(PipeListener));
            _users++;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (--_users > 0)
                return;
            _ended = null;
        }
        Lives.Dispose();
        Clients.Dispose();
        Listeners.Dispose();
        _memory.Dispose();
    }

    private RequestState RequestAt(int place) =>
        new(_memory.AddressOf(_memory.Shape.Layout.ReaderOffset(place) + ReaderBlock.PositionOffset(0)));

    private void DropRequests()
    {
        for (int place = 0; place < Places; place++)
        {
            ulong request = RequestAt(place).Value;
            if (!ConnectRequest.IsAsked(request))
                continue;
            _ = RequestAt(place).TryMove(request, ConnectRequest.None);
            CrashSwitch.Reach(CrashPoint.RequestDropped);
        }
    }

    private void Ended(ulong life)
    {
        lock (_gate)
            _ended?.Invoke(life);
    }

    private SharedObjectException Different(ObjectName name)
    {
        // Who asks must not stay, as then nobody could ever make it differently.
        Leave();
        return Taken(name, "The listener before made the pipe differently, and its clients still have it open. Listen again when they are gone, or with the same options.");
    }

    private static SharedObjectException Taken(ObjectName name, string why) => new(FailureReason.AlreadyExists,
        $"The pipe \"{name.Full}\" cannot be listened to. {why}", name.Full, SharedObjectKind.Pipe);
}

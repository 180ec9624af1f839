using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Samepage;

namespace Relay;

/// <summary>Where a client finds out which server is there: the section "Relay". It says what the latest server's session is called.</summary>
internal struct Board
{
    public long Session;
}

/// <summary>What is being handed over: one character, or <see cref="EndOfInput"/>.</summary>
internal struct Slot
{
    public const int EndOfInput = -1;
    public int CodePoint;
}

/// <summary>
/// One server and its one client. Each server makes a session of its own, under a name that never comes again: whatever a pair that died
/// left half-done, the next pair never meets it.
/// </summary>
internal sealed class Session : IDisposable
{
    private readonly SharedMemory _section;
    private readonly MemoryView _view;

    private Session(string name, bool asServer)
    {
        Name = name;
        ServerLife = asServer ? SharedMutex.Create($"{name}.server", initiallyOwned: true) : SharedMutex.Open($"{name}.server");
        // The client opens what it finds, at the size that it finds: there is no constant to agree on.
        _section = asServer ? SharedMemory.Create(name, Unsafe.SizeOf<Slot>()) : SharedMemory.Open(name);
        _view = _section.Map();
        Joined = SharedEvent.CreateOrOpen($"{name}.joined", EventResetMode.AutoReset);
        Filled = SharedEvent.CreateOrOpen($"{name}.filled", EventResetMode.AutoReset);
        Taken = SharedEvent.CreateOrOpen($"{name}.taken", EventResetMode.AutoReset);
    }

    public string Name { get; }

    /// <summary>Set by the client once its life is there to be watched.</summary>
    public SharedEvent Joined { get; }

    /// <summary>Set by the server: the slot holds the next character.</summary>
    public SharedEvent Filled { get; }

    /// <summary>Set by the client: it has written that character out.</summary>
    public SharedEvent Taken { get; }

    public SharedMutex ServerLife { get; }

    /// <summary>The client's life is made by the client: a session that has one, or had one, is joined by nobody else.</summary>
    public string ClientLifeName => $"{Name}.client";

    public ref Slot Slot => ref _view.GetReference<Slot>();

    /// <summary>Makes the session of this server and tells the client that waits for one.</summary>
    public static Session Announce(Door door)
    {
        long number = Random.Shared.NextInt64(1, long.MaxValue);
        var session = new Session(NameOf(number), asServer: true);
        Volatile.Write(ref door.Board.Session, number);
        door.Announced.Set();
        return session;
    }

    /// <summary>Joins the latest server's session.</summary>
    /// <returns>False: there is no server, or it is about to end.</returns>
    public static bool TryJoin(Door door, [NotNullWhen(true)] out Session? session, [NotNullWhen(true)] out SharedMutex? ownLife)
    {
        (session, ownLife) = (null, null);
        long number = Volatile.Read(ref door.Board.Session);
        if (number == 0)
            return false;
        try
        {
            session = new Session(NameOf(number), asServer: false);
            if (session.ServerLife.Wait(TimeSpan.Zero) == WaitResult.TimedOut)
            {
                ownLife = SharedMutex.Create(session.ClientLifeName, initiallyOwned: true);
                session.Joined.Set();
                return true;
            }
        }
        catch (SharedObjectException ended) when (ended.Reason is FailureReason.NotFound or FailureReason.AlreadyExists)
        {
            // That server has ended, or is about to because its client has.
        }
        session?.Dispose();
        return false;
    }

    public void Dispose()
    {
        _view.Dispose();
        _section.Dispose();
        Joined.Dispose();
        Filled.Dispose();
        Taken.Dispose();
        ServerLife.Dispose();
    }

    private static string NameOf(long number) => $"Relay.{number:x}";
}

/// <summary>What server and client open first, whoever comes first.</summary>
internal sealed class Door : IDisposable
{
    private readonly SharedMemory _section = SharedMemory.CreateOrOpen("Relay", Unsafe.SizeOf<Board>());
    private readonly MemoryView _view;

    public Door() => _view = _section.Map();

    public ref Board Board => ref _view.GetReference<Board>();

    /// <summary>Set by each new server, taken by the client that waits for one.</summary>
    public SharedEvent Announced { get; } = SharedEvent.CreateOrOpen("Relay.announced", EventResetMode.AutoReset);

    public void Dispose()
    {
        Announced.Dispose();
        _view.Dispose();
        _section.Dispose();
    }
}

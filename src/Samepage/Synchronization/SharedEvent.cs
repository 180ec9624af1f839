using System.Diagnostics.CodeAnalysis;
using Samepage.Platform;

namespace Samepage;

/// <summary>A named signal (W32): manual-reset, seen by everyone until it is reset, or auto-reset, taken by exactly one waiter per set.</summary>
/// <remarks>A set of an auto-reset event is never lost with a waiter that dies: another one gets it (W35).</remarks>
public sealed class SharedEvent : SharedWaitable
{
    private readonly EventBackend _backend;

    private SharedEvent(EventBackend backend)
        : base(backend) => _backend = backend;

    /// <summary>Makes a new event.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="mode">How it is reset.</param>
    /// <param name="initiallySet">Whether it is set from the start.</param>
    /// <param name="access">Who may open it (W20).</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    public static SharedEvent Create(string name, EventResetMode mode, bool initiallySet = false, SharedAccess access = SharedAccess.User) =>
        Make(name, mode, initiallySet, access, openExisting: false, out _);

    /// <summary>Makes the event, or opens the one that has the name; then its own mode and state win (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="mode">How a new one is reset.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="initiallySet">Whether a new one is set from the start.</param>
    /// <param name="access">Who may open a new one.</param>
    public static SharedEvent CreateOrOpen(
        string name, EventResetMode mode, out bool created, bool initiallySet = false, SharedAccess access = SharedAccess.User) =>
        Make(name, mode, initiallySet, access, openExisting: true, out created);

    /// <summary>Makes the event, not set, or opens the one that has the name (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="mode">How a new one is reset.</param>
    public static SharedEvent CreateOrOpen(string name, EventResetMode mode) => CreateOrOpen(name, mode, out _);

    /// <summary>Opens the event of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static SharedEvent Open(string name) =>
        TryOpen(name, out SharedEvent? signal) ? signal : throw Absent.Of(name, SharedObjectKind.Event);

    /// <summary>Opens the event of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="signal">The event, or null.</param>
    public static bool TryOpen(string name, [NotNullWhen(true)] out SharedEvent? signal)
    {
        EventBackend? backend = Host.Platform.TryOpenEvent(ObjectName.Parse(name));
        signal = backend is null ? null : new SharedEvent(backend);
        return signal is not null;
    }

    /// <summary>True when an event of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.Event;

    /// <summary>How it is reset: as it was made, whatever <see cref="CreateOrOpen(string, EventResetMode)"/> was called with.</summary>
    public EventResetMode Mode
    {
        get
        {
            ThrowIfDisposed();
            return _backend.Mode;
        }
    }

    /// <summary>Sets it: releases one waiter (auto-reset) or all (manual-reset), now or when they come. Setting a set event changes nothing.</summary>
    public void Set()
    {
        ThrowIfDisposed();
        _backend.Set();
    }

    /// <summary>Takes the signal back, if nobody took it yet.</summary>
    public void Reset()
    {
        ThrowIfDisposed();
        _backend.Reset();
    }

    /// <summary>What waits are on, when something else is to be waited for by means of it.</summary>
    internal EventBackend Backend => _backend;

    private static SharedEvent Make(
        string name, EventResetMode mode, bool initiallySet, SharedAccess access, bool openExisting, out bool created)
    {
        ObjectName parsed = ObjectName.Parse(name);
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "This is no mode of an event.");
        CheckAccess(parsed, access);
        return new SharedEvent(Host.Platform.CreateEvent(parsed, initiallySet, mode, access, openExisting, out created));
    }
}

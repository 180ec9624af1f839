namespace Samepage;

/// <summary>How a wait ended. Cancellation is not among them: it throws <see cref="OperationCanceledException"/>.</summary>
public enum WaitResult
{
    /// <summary>The mutex is owned, the event was set, a permit was taken; the participant that a tether watches left in good order.</summary>
    Signaled = 0,

    /// <summary>
    /// The mutex is owned by the caller, and the thread that owned it before ended without releasing it (W31): what it protects may be
    /// half-changed. The next owner is not told again. Of a tether: its participant died.
    /// </summary>
    Abandoned = 0x80,

    /// <summary>The time ran out first; nothing was taken.</summary>
    TimedOut = 0x102,
}

using Samepage.Platform;

namespace Samepage;

/// <summary>Tells of the end of a participant: signalled, for good, once that is gone, however it went. <see cref="SharedParticipant.TryWatch"/> makes one.</summary>
/// <remarks>
/// A wait ends with <see cref="WaitResult.Signaled"/> when the participant left in good order (it disposed its membership, or its process exited),
/// and with <see cref="WaitResult.Abandoned"/> when it died. The system tells it, to all who watch at once: nothing polls, and a participant that is
/// stopped or busy is alive. When it is told, the participant is past saving; but on Linux the other threads of a killed process may still be ending, and
/// what they share may change for a moment: a lock tells when its dead owner is out of the way. Any number of waits pass. Waits for any and for all take it
/// as any other object; <see cref="SharedWaitable.Name"/> is the object's in which it took part.
/// </remarks>
public sealed class SharedTether : SharedWaitable
{
    internal SharedTether(WaitableBackend backend)
        : base(backend)
    {
    }
}

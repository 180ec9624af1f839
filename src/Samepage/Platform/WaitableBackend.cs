namespace Samepage.Platform;

/// <summary>One open handle of something that threads wait on.</summary>
internal abstract class WaitableBackend : IDisposable
{
    public abstract SharedObjectInfo Info { get; }

    /// <summary>Waits until signalled, until <paramref name="timeout"/> has passed (<see cref="Timeout.InfiniteTimeSpan"/>: never), or cancelled.</summary>
    public abstract WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken);

    public abstract void Dispose();
}

internal abstract class MutexBackend : WaitableBackend
{
    /// <summary>False when the calling thread does not own the mutex.</summary>
    public abstract bool Release();
}

/// <summary>A lock that a flow of calls holds: on behalf of the process, not of a thread.</summary>
internal abstract class FlowLockBackend : WaitableBackend
{
    /// <summary>False when no flow of this process holds it.</summary>
    public abstract bool Release();
}

internal abstract class EventBackend : WaitableBackend
{
    public abstract EventResetMode Mode { get; }
    public abstract void Set();
    public abstract void Reset();
}

internal abstract class SemaphoreBackend : WaitableBackend
{
    public abstract int Maximum { get; }

    /// <summary>The count before; false when the maximum would be passed, and then nothing has changed.</summary>
    public abstract bool Release(int count, out int before);
}

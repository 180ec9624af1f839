using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Tethers;

/// <summary>A handle of a <see cref="TetherWatch"/>: waits for its event, and says what became of the participant.</summary>
internal sealed class WatchedTether(TetherWatch watch, SharedObjectInfo info) : WaitableBackend, IFutexObject
{
    public override SharedObjectInfo Info => info with
    {
        State = new SharedObjectState { IsSignaled = watch.State.IsSignaled, HasWaiters = watch.State.HasWaiters },
    };

    public WaitBlock Block => watch.Gone.Block;

    public SharedObjectScope Scope => watch.Gone.Scope;

    public override WaitResult Wait(TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        WaitableBackend self = this;
        WaitResult? result = AnyWait.Wait(new ReadOnlySpan<WaitableBackend>(in self), timeout, cancellationToken, out _);
        GC.KeepAlive(this);
        return result ?? throw new OperationCanceledException(cancellationToken);
    }

    public uint Begin() => watch.Gone.Begin();

    public WaitResult? TryTake(RobustThread me, uint begun) => watch.Gone.TryTake(me, begun) is null ? null : Result;

    public bool IsSignaled(RobustThread me, uint begun) => watch.Gone.IsSignaled(me, begun);

    public bool TryMark(RobustThread me, uint begun, out uint word) => watch.TryMark(me, begun, out word);

    public bool TryWithhold(RobustThread me) => watch.Gone.TryWithhold(me);

    public WaitResult Confirm(RobustThread me)
    {
        _ = watch.Gone.Confirm(me);
        return Result;
    }

    public void GiveBack(RobustThread me) => watch.Gone.GiveBack(me);

    public bool Settle(RobustThread me, bool taken) => watch.Gone.Settle(me, taken);

    public override void Dispose() => watch.Release();

    private WaitResult Result => watch.HasDied ? WaitResult.Abandoned : WaitResult.Signaled;
}

namespace Samepage.Platform.Linux.Waiting;

/// <summary>What a wait for several asks of each of its objects.</summary>
internal interface IFutexObject
{
    WaitBlock Block { get; }

    SharedObjectScope Scope { get; }

    /// <summary>What a wait must remember of the object from its beginning on.</summary>
    uint Begin();

    /// <summary>Takes the object if it is signalled; null if it is not.</summary>
    WaitResult? TryTake(RobustThread me, uint begun);

    /// <summary>True when <see cref="TryTake"/> would succeed at this moment.</summary>
    bool IsSignaled(RobustThread me, uint begun);

    /// <summary>Leaves the mark by which whoever signals the object next wakes those who sleep on <paramref name="word"/>. False: it changed, look again.</summary>
    bool TryMark(RobustThread me, uint begun, out uint word);

    /// <summary>Takes the object, so that it can still go back; the caller holds the claim. False: it is not signalled.</summary>
    bool TryWithhold(RobustThread me);

    /// <summary>What was withheld is taken.</summary>
    WaitResult Confirm(RobustThread me);

    /// <summary>What was withheld goes back.</summary>
    void GiveBack(RobustThread me);

    /// <summary>The same in the place of a thread that died; the caller holds the claim. False: not yet, the kernel has still to mark a mutex of the dead.</summary>
    bool Settle(RobustThread me, bool taken);
}

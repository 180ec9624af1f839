using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>That an actor had a lock.</summary>
/// <param name="Taking">The operation by which it got it.</param>
/// <param name="From">From when it certainly had it.</param>
/// <param name="To">Until when it certainly had it: it began to release it, or was killed.</param>
/// <param name="Gone">From when it certainly had it no more.</param>
/// <param name="Ended">How the hold ended.</param>
internal sealed record Hold(Operation Taking, bool IsWrite, long From, long To, long Gone, HoldEnd Ended)
{
    public bool WasToldOfDeath => Taking.Result == (long)WaitResult.Abandoned;

    /// <summary>All holds, by the time at which they certainly began.</summary>
    public static List<Hold> All(History history)
    {
        var holds = new List<Hold>();
        var open = new Dictionary<int, Operation>();
        foreach (Operation operation in history.Operations)
        {
            bool takes = (HoldCode)operation.Code is HoldCode.Acquire or HoldCode.AcquireRead;
            if (takes && !operation.IsPending && operation.Result != (long)WaitResult.TimedOut)
                open[operation.Actor] = operation;
            else if (!takes && open.Remove(operation.Actor, out Operation taking))
                holds.Add(Of(taking, operation.Begin, operation.IsPending ? history.Actors[operation.Actor].Gone : operation.End, operation.IsPending ? HoldEnd.MaybeDied : HoldEnd.Released));
        }
        foreach ((int id, Operation taking) in open)
            holds.Add(Of(taking, history.Actors[id].KillBegan, history.Actors[id].Gone, HoldEnd.Died));
        holds.Sort((a, b) => a.From.CompareTo(b.From));
        return holds;
    }

    private static Hold Of(Operation taking, long to, long gone, HoldEnd ended) => new(taking, (HoldCode)taking.Code == HoldCode.Acquire, taking.End, to, gone, ended);
}

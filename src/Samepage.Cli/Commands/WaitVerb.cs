using System.CommandLine;
using System.CommandLine.Parsing;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Waits for a signal, for any or for all of several, and takes what it waited for.</summary>
/// <remarks>A mutex belongs to a thread: it is taken and given back on this one.</remarks>
internal sealed class WaitVerb : Verb
{
    private readonly Argument<string[]> _names = Common.Names("Names of events, semaphores, mutexes or locks; several with --any or --all.");
    private readonly Option<bool> _any = Common.Switch("--any", "Wait until one of them is signalled, take that one and print its name; the first in order when several are.");
    private readonly Option<bool> _all = Common.Switch("--all", "Wait until all of them are signalled at one moment, and take them all; until then none.");
    private readonly Option<TimeSpan?> _timeout = Common.Time("--timeout", "How long at most; 0 only looks. Default: for ever.", ["-t"]);

    public WaitVerb(Session session)
        : base(session, "wait",
            "Wait for an event, a semaphore, a mutex or a lock, or for several of them. Takes the signal of an auto-reset event and a permit of a semaphore; gives a mutex or a lock back at once.",
            "samepage wait ready --timeout 5s && echo go",
            "samepage wait slots",
            "case $(samepage wait --any ready stop) in ready) echo go ;; stop) exit ;; esac",
            "samepage wait --all loaded connected --timeout 1m || echo 'one is missing'")
    {
        Add(_names);
        Add(_any);
        Add(_all);
        Add(_timeout);
        Validators.Add(Check);
    }

    protected override int Run(ParseResult line)
    {
        string[] names = line.GetRequiredValue(_names);
        bool any = line.GetValue(_any), all = line.GetValue(_all);
        TimeSpan timeout = line.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan;
        SharedObjectInfo[] found = [.. names.Select(name => InfoVerb.Find(name))];
        var waitables = new List<SharedWaitable>(found.Length);
        try
        {
            foreach (SharedObjectInfo one in found)
                waitables.Add(Open(one));
            SharedWaitResult result = Wait([.. waitables], all, timeout);
            if (result.Result == WaitResult.TimedOut)
            {
                Session.Terminal.Remark(TimedOut(found, waitables, all, timeout));
                return ExitCodes.TimedOut;
            }
            GiveBack(all ? waitables : [waitables[result.Index]]);
            if (result.Result == WaitResult.Abandoned)
                Session.Terminal.Remark(Abandoned(found, result.Index, all));
            // Just as it was given: scripts compare it.
            if (any)
                Session.Terminal.Say(Session.Terminal.IsOutputTerminal ? Shown.Text(names[result.Index]) : names[result.Index]);
            return ExitCodes.Success;
        }
        finally
        {
            foreach (SharedWaitable waitable in waitables)
                waitable.Dispose();
        }
    }

    private void Check(CommandResult line)
    {
        string[] names = [.. line.GetResult(_names)?.Tokens.Select(t => t.Value) ?? []];
        bool any = line.GetValue(_any), all = line.GetValue(_all);
        if (any && all)
            line.AddError("--any and --all exclude each other: --any waits until one of them is signalled, --all until all are.");
        else if (names.Length > 1 && !any && !all)
            line.AddError("Several names need --any, which waits until one of them is signalled and prints its name, or --all, which waits until all are.");
        else if (all && names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            line.AddError($"{Shown.Name(names.GroupBy(n => n, StringComparer.Ordinal).First(g => g.Count() > 1).Key)} is named twice: --all takes each object once.");
    }

    private SharedWaitResult Wait(SharedWaitable[] waitables, bool all, TimeSpan timeout) =>
        waitables is [var one] ? One(one.Wait(timeout, Session.Ended)) :
        all ? SharedWait.All(waitables, timeout, Session.Ended) : SharedWait.Any(waitables, timeout, Session.Ended);

    private static SharedWaitResult One(WaitResult result) => new(result, Index: 0);

    private static void GiveBack(IEnumerable<SharedWaitable> taken)
    {
        foreach (SharedWaitable one in taken)
        {
            (one as SharedMutex)?.Release();
            (one as SharedLock)?.Release();
        }
    }

    private static string TimedOut(SharedObjectInfo[] found, List<SharedWaitable> waitables, bool all, TimeSpan timeout)
    {
        if (found is [var one])
            return LockVerb.TimedOut(one.Kind, one.Name, timeout);
        string names = Shown.Names([.. found.Select(o => o.Name)]);
        if (!all)
            return Shown.Invariant($"none of {names} was signalled within {timeout.TotalSeconds:0.###} s.");
        string?[] missing = [.. waitables.Select(w => w.Info).Where(o => o.State is { IsSignaled: false }).Select(o => o.Name)];
        return Shown.Invariant($"{names} were not all signalled at one moment within {timeout.TotalSeconds:0.###} s.") +
            (missing.Length == 0 ? "" : $" Missing now: {Shown.Names(missing)}.");
    }

    // A wait for all tells of the first mutex at most, and where the system does not say which it was, of none.
    private static string Abandoned(SharedObjectInfo[] found, int index, bool all)
    {
        if (index < 0)
        {
            string mutexes = Shown.Names([.. found.Where(IsOwned).Select(o => o.Name)]);
            return $"at least one of the mutexes {mutexes} was abandoned: its last owner ended without releasing it. What they protect may be half-changed.";
        }
        bool more = all && found.Skip(index + 1).Any(IsOwned);
        return LockVerb.Abandoned(found[index].Name, found[index].Kind) + (more ? " So may be the mutexes named after it." : "");
    }

    private static bool IsOwned(SharedObjectInfo o) => o.Kind is SharedObjectKind.Mutex or SharedObjectKind.Lock;

    private static SharedWaitable Open(SharedObjectInfo found) => found.Kind switch
    {
        SharedObjectKind.Mutex => SharedMutex.Open(found.Name!),
        SharedObjectKind.Lock => SharedLock.Open(found.Name!),
        SharedObjectKind.Event => SharedEvent.Open(found.Name!),
        SharedObjectKind.Semaphore => SharedSemaphore.Open(found.Name!),
        _ => throw new SharedObjectException(FailureReason.WrongKind,
            $"{Shown.Name(found.Name)} is a {Shown.Kind(found.Kind)}: there is nothing to wait for.{(found.Kind == SharedObjectKind.Section ? " \"samepage dump --follow\" shows when it changes." : "")}", found.Name, found.Kind),
    };
}

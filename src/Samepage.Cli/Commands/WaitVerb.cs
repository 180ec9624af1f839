using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Waits for a signal and takes it.</summary>
internal sealed class WaitVerb : Verb
{
    private readonly Argument<string> _name = Common.Name("Name of the event, semaphore or mutex.");
    private readonly Option<TimeSpan?> _timeout = Common.Time("--timeout", "How long at most; 0 only looks. Default: for ever.", ["-t"]);

    public WaitVerb(Session session)
        : base(session, "wait",
            "Wait for an event, a semaphore or a mutex. Takes the signal of an auto-reset event and a permit of a semaphore; gives a mutex back at once.",
            "samepage wait ready --timeout 5s && echo go", "samepage wait slots")
    {
        Add(_name);
        Add(_timeout);
    }

    protected override int Run(ParseResult line)
    {
        SharedObjectInfo found = InfoVerb.Find(line.GetRequiredValue(_name));
        using SharedWaitable waitable = Open(found);
        TimeSpan timeout = line.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan;
        WaitResult result = waitable.Wait(timeout, Session.Ended);
        if (result == WaitResult.TimedOut)
        {
            Session.Terminal.Remark(LockVerb.TimedOut(found.Kind, found.Name, timeout));
            return ExitCodes.TimedOut;
        }
        if (waitable is SharedMutex mutex)
            mutex.Release();
        if (result == WaitResult.Abandoned)
            Session.Terminal.Remark(LockVerb.Abandoned(found.Name));
        return ExitCodes.Success;
    }

    private static SharedWaitable Open(SharedObjectInfo found) => found.Kind switch
    {
        SharedObjectKind.Mutex => SharedMutex.Open(found.Name!),
        SharedObjectKind.Event => SharedEvent.Open(found.Name!),
        SharedObjectKind.Semaphore => SharedSemaphore.Open(found.Name!),
        _ => throw new SharedObjectException(FailureReason.WrongKind,
            $"{Shown.Name(found.Name)} is a section: there is nothing to wait for. \"samepage dump --follow\" shows when it changes.", found.Name, found.Kind),
    };
}

using System.CommandLine;
using System.ComponentModel;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Runs a command while it owns a mutex or holds a lock.</summary>
/// <remarks>A mutex belongs to a thread: waiting, running and releasing happen on this one, without an await between them.</remarks>
internal sealed class LockVerb : Verb
{
    private readonly Argument<string> _name = new("NAME") { Description = "Name of the mutex or lock; a mutex is made if there is none." };
    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "The command and its arguments, after the options and --.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<TimeSpan?> _timeout = Common.Time("--timeout", "How long to wait for the mutex at most. Default: for ever.", ["-t"]);

    public LockVerb(Session session)
        : base(session, "lock", "Run a command while owning a mutex. Its exit code is passed on.",
            "samepage lock printer -- lp report.pdf", "samepage lock deploy --timeout 10s -- ./deploy.sh --all")
    {
        Add(_name);
        Add(_timeout);
        Add(_command);
    }

    internal static string Abandoned(string? name, SharedObjectKind kind = SharedObjectKind.Mutex) =>
        $"{Shown.Kind(kind)} {Shown.Name(name)} was abandoned: its last owner ended without releasing it. What it protects may be half-changed.";

    internal static string TimedOut(SharedObjectKind kind, string? name, TimeSpan timeout) =>
        Shown.Invariant($"{Shown.Kind(kind)} {Shown.Name(name)} {Lacking(kind)} within {timeout.TotalSeconds:0.###} s.");

    protected override int Run(ParseResult line)
    {
        string name = line.GetRequiredValue(_name);
        TimeSpan timeout = line.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan;
        using SharedWaitable taken = SharedObjects.Find(name)?.Kind == SharedObjectKind.Lock ? SharedLock.CreateOrOpen(name) : SharedMutex.CreateOrOpen(name);
        switch (taken.Wait(timeout, Session.Ended))
        {
            case WaitResult.TimedOut:
                string owner = taken.Info.State is { OwnerProcessId: > 0 } state ? $" It is owned by process {state.OwnerProcessId}." : "";
                Session.Terminal.Remark(TimedOut(taken.Info.Kind, name, timeout) + owner);
                return ExitCodes.TimedOut;
            case WaitResult.Abandoned:
                Session.Terminal.Remark(Abandoned(name, taken.Info.Kind));
                break;
        }
        string[] command = line.GetRequiredValue(_command);
        try
        {
            return ChildProcess.Run(command, Session.Signals);
        }
        catch (Win32Exception e)
        {
            Session.Terminal.Remark($"{Shown.Name(command[0])} cannot be started: {(e.NativeErrorCode == 0 ? e.Message : new Win32Exception(e.NativeErrorCode).Message)}");
            return ExitCodes.CannotStart;
        }
        finally
        {
            (taken as SharedMutex)?.Release();
            (taken as SharedLock)?.Release();
        }
    }

    private static string Lacking(SharedObjectKind kind) => kind switch
    {
        SharedObjectKind.Mutex or SharedObjectKind.Lock => "was not free",
        SharedObjectKind.Event => "was not set",
        _ => "had no permit",
    };
}

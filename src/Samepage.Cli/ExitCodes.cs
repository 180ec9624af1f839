namespace Samepage.Cli;

/// <summary>What the tool's exit code says. Part of its interface: scripts depend on it.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>Not found, refused, or a problem seen by doctor; the reason is on the error output.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be: an unknown verb or option, a number or a name that is none.</summary>
    public const int Usage = 2;

    /// <summary>The time given to wait, lock or call ran out, and nothing was taken; or that given to watch, cell watch, sub or receive before they saw as much as they should.</summary>
    public const int TimedOut = 3;

    /// <summary>lock: the command could not be started, as a shell has it.</summary>
    public const int CannotStart = 127;

    /// <summary>Ctrl+C.</summary>
    public const int Cancelled = 130;

    /// <summary>Whoever read the output went away (128 + SIGPIPE).</summary>
    public const int OutputClosed = 141;

    /// <summary>Asked to end by SIGTERM (128 + 15); by SIGHUP it is 129.</summary>
    public const int Terminated = 143;

    public const int HungUp = 129;

    public static IReadOnlyList<(string Code, string Meaning)> Table { get; } =
    [
        ("0", "success"),
        ("1", "failure: not found, refused, a problem seen by doctor; the error output says why"),
        ("2", "the command line or a name in it cannot be"),
        ("3", "timed out (wait, lock, send, call, cat; watch, cell watch, sub and receive with --count)"),
        ("127", "lock: the command could not be started; otherwise lock passes on the command's own code"),
        ("130", "cancelled by Ctrl+C (143 by SIGTERM, 129 by SIGHUP, 141 when the reader of a pipe has gone)"),
    ];
}

using System.Runtime.InteropServices;

namespace Samepage.Cli;

/// <summary>Turns the first Ctrl+C, SIGTERM or SIGHUP into a cancellation, so that objects are closed in order; a second one ends at once.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Signals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>The first signal that came, if one did.</summary>
    public PosixSignal? First { get; private set; }

    /// <summary>Hears every signal and takes it over: nothing is cancelled then. For lock, whose command ends before it does.</summary>
    public Action<PosixSignal>? Interceptor { get; set; }

    /// <summary>The exit code after <see cref="Token"/> was cancelled.</summary>
    public int ExitCode => First switch
    {
        PosixSignal.SIGTERM => ExitCodes.Terminated,
        PosixSignal.SIGHUP => ExitCodes.HungUp,
        _ => ExitCodes.Cancelled,
    };

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (Interceptor is { } interceptor)
        {
            context.Cancel = true;
            interceptor(context.Signal);
            return;
        }
        if (First is not null)
            return;
        context.Cancel = true;
        First = context.Signal;
        _source.Cancel();
    }
}

namespace Samepage.Channels;

/// <summary>An end of a channel as something to wait for: signalled when there is what it waits for. Waiting takes nothing.</summary>
/// <remarks>
/// It is an event that is made right each time a wait begins: set when the end is ready, else reset, and then rung by whoever has news. So a wait may
/// be told once too often, when another thread was faster, and never once too rarely.
/// </remarks>
internal sealed class ChannelSignal : SharedWaitable
{
    private readonly SharedEvent _bell;
    private readonly ChannelEnd _end;

    /// <param name="bell">Manual-reset; taken over.</param>
    /// <param name="end">Whose readiness it tells.</param>
    public ChannelSignal(SharedEvent bell, ChannelEnd end)
        : base(bell.Backend, isNew: false)
    {
        _bell = bell;
        _end = end;
    }

    /// <summary>Whoever waits looks again.</summary>
    public void Ring() => _bell.Set();

    private protected override void BeforeWait()
    {
        if (_end.FallAsleep(_bell))
            _bell.Set();
    }
}

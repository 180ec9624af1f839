using Samepage.Cli.Output;

namespace Samepage.Cli;

/// <summary>What every verb has at hand: where it prints, and when it has to end.</summary>
internal sealed record Session(Terminal Terminal, Signals Signals)
{
    /// <summary>Cancelled by Ctrl+C and by a request to terminate.</summary>
    public CancellationToken Ended => Signals.Token;
}

namespace Samepage.Channels;

/// <summary>Room in a queue in which a sender writes a message in place. Disposed without having been sent, nothing was sent.</summary>
public readonly ref struct QueueLoan : IDisposable
{
    private readonly QueueSender _sender;
    private readonly uint _loan;

    internal QueueLoan(QueueSender sender, Span<byte> span, uint loan)
    {
        _sender = sender;
        Span = span;
        _loan = loan;
    }

    /// <summary>The room, in shared memory. What it holds before it is written is what was there before. It must not be used after the loan has ended.</summary>
    public Span<byte> Span { get; }

    /// <summary>The message is there.</summary>
    /// <exception cref="InvalidOperationException">The loan has ended.</exception>
    public void Send() => Send(Span.Length);

    /// <summary>The first bytes of the room are the message, and it is there.</summary>
    /// <param name="length">How many bytes; not more than were asked for.</param>
    /// <exception cref="InvalidOperationException">The loan has ended.</exception>
    public void Send(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Span.Length);
        if (_sender is null)
            throw new InvalidOperationException("This is no loan: none was given.");
        _sender.SendLoan(_loan, length);
    }

    /// <summary>Gives the room back, unless it was sent.</summary>
    public void Dispose() => _sender?.EndLoan(_loan);
}

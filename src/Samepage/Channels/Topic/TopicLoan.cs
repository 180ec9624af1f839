namespace Samepage.Channels;

/// <summary>Room in a topic in which a publisher writes a message in place. Disposed without having been published, nothing was published.</summary>
public readonly ref struct TopicLoan : IDisposable
{
    private readonly TopicPublisher _publisher;
    private readonly ulong _loan;

    internal TopicLoan(TopicPublisher publisher, ulong loan)
    {
        _publisher = publisher;
        _loan = loan;
    }

    /// <summary>The room, in shared memory. What it holds before it is written is what was there before. It must not be used after the loan has ended.</summary>
    /// <exception cref="InvalidOperationException">The loan has ended.</exception>
    public Span<byte> Span => Lender.LentSpan(_loan);

    /// <summary>The message is there.</summary>
    /// <param name="kind">What subscribers may choose by.</param>
    /// <exception cref="InvalidOperationException">The loan has ended.</exception>
    public void Publish(uint kind = 0) => Lender.PublishLoan(_loan, kind);

    /// <summary>The first bytes of the room are the message, and it is there.</summary>
    /// <param name="length">How many bytes; not more than were asked for.</param>
    /// <param name="kind">What subscribers may choose by.</param>
    /// <exception cref="InvalidOperationException">The loan has ended.</exception>
    public void Publish(int length, uint kind)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Span.Length);
        Lender.PublishLoan(_loan, length, kind);
    }

    /// <summary>Gives the room back, unless it was published.</summary>
    public void Dispose() => _publisher?.EndLoan(_loan);

    private TopicPublisher Lender => _publisher ?? throw new InvalidOperationException("There is no loan: TryLoan said so.");
}

namespace Samepage.Channels;

/// <summary>Room in a pipe in which a message is written in place. Disposed without having been written, it was never there.</summary>
public readonly ref struct PipeLoan : IDisposable
{
    private readonly PipeConnection _connection;
    private readonly uint _loan;

    internal PipeLoan(PipeConnection connection, Span<byte> span, uint loan)
    {
        _connection = connection;
        Span = span;
        _loan = loan;
    }

    /// <summary>The room, in shared memory. What it holds before it is written is what was there before. It must not be used after the loan has ended.</summary>
    public Span<byte> Span { get; }

    /// <summary>The message is there.</summary>
    /// <exception cref="InvalidOperationException">The loan has ended.</exception>
    public void Write() => Write(Span.Length);

    /// <summary>The first bytes of the room are the message, and it is there.</summary>
    /// <param name="length">How many bytes; not more than were asked for.</param>
    /// <exception cref="InvalidOperationException">The loan has ended.</exception>
    public void Write(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Span.Length);
        _connection.WriteLoan(_loan, length);
    }

    /// <summary>Gives the room back, unless it was written.</summary>
    public void Dispose() => _connection?.EndLoan(_loan);
}

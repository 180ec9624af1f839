using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Diagnostics;

namespace Samepage.Channels;

/// <content>Messages, of a pipe that carries them. Nothing is allocated for one.</content>
public sealed partial class PipeConnection
{
    private uint _lease;
    private int _leased = -1;
    private uint _loan;
    private int _lent = -1;

    /// <summary>In bytes: half of what each direction was made for, less a little.</summary>
    public int LongestMessage => _sink.LongestPayload;

    /// <summary>True when nothing is there to be read, and nothing will come any more: the other end has closed, completed its writing, or died. Which of them, reading says: a death is an exception.</summary>
    public bool IsCompleted
    {
        get
        {
            ObjectDisposedException.ThrowIf(_open == 0, this);
            return _leased < 0 && _source.IsExhausted;
        }
    }

    /// <summary>Writes a copy of a message, if there is room.</summary>
    /// <param name="message">Its bytes.</param>
    /// <returns>False: there was no room.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="LongestMessage"/>.</exception>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.PeerClosed"/>, <see cref="FailureReason.PeerDied"/>: nobody will read it; <see cref="FailureReason.OutOfSpace"/>: there is no memory for it.
    /// </exception>
    /// <exception cref="InvalidOperationException">The pipe carries bytes, or writing was completed.</exception>
    public unsafe bool TryWrite(ReadOnlySpan<byte> message)
    {
        byte* room = Room(message.Length);
        if (room is null)
            return false;
        message.CopyTo(new Span<byte>(room, message.Length));
        Commit(message.Length);
        return true;
    }

    /// <summary>Writes a copy of a message as soon as there is room.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing was written.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <inheritdoc cref="TryWrite(ReadOnlySpan{byte})"/>
    public void Write(ReadOnlySpan<byte> message, CancellationToken cancellationToken = default)
    {
        while (!TryWrite(message))
            _ = WaitToWrite(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>As <see cref="Write"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Write"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        while (!TryWrite(message.Span))
            _ = await WaitToWriteAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lends room for a message, to be written in place. There is one loan at a time: the next one, and anything that is written, ends it.</summary>
    /// <param name="length">Bytes that will be needed at most.</param>
    /// <param name="loan">The room.</param>
    /// <returns>False: there is no room now.</returns>
    /// <inheritdoc cref="TryWrite(ReadOnlySpan{byte})"/>
    public unsafe bool TryLoan(int length, out PipeLoan loan)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        byte* room = Room(length);
        if (room is null)
        {
            loan = default;
            return false;
        }
        _lent = length;
        loan = new PipeLoan(this, new Span<byte>(room, length), ++_loan);
        return true;
    }

    /// <summary>Waits until there is room for a message as long as the last one that found none, or nobody will read it.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool WaitToWrite(TimeSpan timeout, CancellationToken cancellationToken = default) => Wait(_sink.End, timeout, cancellationToken);

    /// <summary>As <see cref="WaitToWrite"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitToWrite"/>
    public ValueTask<bool> WaitToWriteAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        WaitAsync(_sink.End, timeout, cancellationToken);

    /// <summary>Takes the next message, and ends the lease of the one before.</summary>
    /// <param name="message">The message, in place.</param>
    /// <returns>False: there is none now, or, if <see cref="IsCompleted"/>, never more.</returns>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.PeerDied"/>: the other end has died, and all that it wrote was read; <see cref="FailureReason.Corrupt"/>: somebody wrote into the memory.
    /// </exception>
    /// <exception cref="InvalidOperationException">The pipe carries bytes.</exception>
    public unsafe bool TryRead(out PipeMessage message)
    {
        Require(PipeMode.Messages);
        EndLease(_lease);
        // A second look only when something came behind the first.
        while (true)
        {
            byte* payload = _source.TryPeek(out int length);
            if (payload is not null)
            {
                _leased = length;
                message = new PipeMessage(this, (nint)payload, length, ++_lease);
                return true;
            }
            if (!_source.IsExhausted || _source.IsOver)
            {
                message = default;
                return false;
            }
        }
    }

    /// <summary>Waits for the next message and takes it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EndOfStreamException">There will be no more.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    /// <inheritdoc cref="TryRead"/>
    public PipeMessage Read(CancellationToken cancellationToken = default)
    {
        PipeMessage message;
        while (!TryRead(out message))
        {
            if (!WaitToRead(Timeout.InfiniteTimeSpan, cancellationToken))
                throw Ended();
        }
        return message;
    }

    /// <summary>As <see cref="Read"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Read"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<PipeMessage> ReadAsync(CancellationToken cancellationToken = default)
    {
        PipeMessage message;
        while (!TryRead(out message))
        {
            if (!await WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                throw Ended();
        }
        return message;
    }

    /// <summary>Waits until there is a message.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out, or, if <see cref="IsCompleted"/>, there will be no more.</returns>
    /// <inheritdoc cref="TryRead"/>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool WaitToRead(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        Wait(_source.End, timeout, cancellationToken) && !_source.IsOver;

    /// <summary>As <see cref="WaitToRead"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="WaitToRead"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitToReadAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        await WaitAsync(_source.End, timeout, cancellationToken).ConfigureAwait(false) && !_source.IsOver;

    /// <inheritdoc cref="WaitToReadAsync(TimeSpan, CancellationToken)"/>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => WaitToReadAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>All messages, as they come, to the end; each is leased until the next is asked for.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<PipeMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            PipeMessage message;
            while (!TryRead(out message))
            {
                if (!await WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                    yield break;
            }
            yield return message;
        }
    }

    internal bool IsLeased(uint lease) => _leased >= 0 && _lease == lease && _open != 0;

    internal void EndLease(uint lease)
    {
        if (_lease != lease || _leased < 0 || _open == 0)
            return;
        int length = _leased;
        _leased = -1;
        _source.Advance(length);
    }

    internal void WriteLoan(uint loan, int length)
    {
        if (_loan != loan || _lent < 0 || _open == 0)
            throw new InvalidOperationException("The loan has ended: it was written or given back, or something else was written meanwhile.");
        _lent = -1;
        Commit(length);
    }

    internal ActivityContext ContextOf(uint lease)
    {
        ObjectDisposedException.ThrowIf(!IsLeased(lease), typeof(PipeMessage));
        return _source.TraceOf(_leased);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Commit(int length)
    {
        if (Tracing.IsOn)
            _sink.CommitTraced(length);
        else
            _sink.Commit(length);
    }

    internal void EndLoan(uint loan)
    {
        if (_loan == loan)
            _lent = -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe byte* Room(int length)
    {
        Require(PipeMode.Messages);
        if (length > _sink.LongestPayload)
            ThrowTooLong(length);
        _lent = -1;
        return _sink.TryReserve(Tracing.IsOn ? _sink.WithTrace(length) : length);
    }

    private void ThrowTooLong(int length) => throw new ArgumentException(
        $"A message of {length:N0} bytes does not fit into pipe \"{_core.Name}\", which takes {LongestMessage:N0} at most: half of its capacity. Make it with a larger one.");

    private static EndOfStreamException Ended() => new("The other end has closed: there are no more messages.");
}

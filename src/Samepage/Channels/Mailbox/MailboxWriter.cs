using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>One who writes to a <see cref="Mailbox"/>.</summary>
/// <remarks>For one thread at a time; <see cref="Writable"/> may be waited for by any. Nothing is allocated for a message.</remarks>
public sealed class MailboxWriter : IDisposable
{
    private readonly QueueCore _core;
    private readonly QueueSender _sender;
    private readonly ReaderState _reader;
    private readonly ulong _life;
    private readonly ulong _tenure;
    private bool _disposed;

    internal MailboxWriter(QueueCore core, ReaderState reader, ulong life, ulong tenure, WaitStrategy strategy)
    {
        _core = core;
        _reader = reader;
        _life = life;
        _tenure = tenure;
        _sender = new QueueSender(core, strategy) { IsOver = () => IsGone };
    }

    /// <summary>The mailbox is gone: whoever reads it has closed it, or died.</summary>
    public bool IsGone => _disposed || _reader.Owner != _life || _reader.Tenure != _tenure;

    /// <inheritdoc cref="QueueSender.LongestMessage"/>
    public int LongestMessage => _sender.LongestMessage;

    /// <inheritdoc cref="QueueSender.Dropped"/>
    public long Dropped => _sender.Dropped;

    /// <summary>Signalled when there is room for a message as long, and as urgent, as the last one that found none, or when the mailbox is gone (W34).</summary>
    public SharedWaitable Writable => _sender.Writable;

    /// <summary>Writes a copy of a message, if there is room.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="priority">From 0, the lowest, to one less than the mailbox has.</param>
    /// <returns>False: there was no room. It was dropped, unless the mailbox waits.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="LongestMessage"/>, or there is no such priority.</exception>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.PeerDied"/>: the mailbox is gone. <see cref="FailureReason.OutOfSpace"/>: there is no memory for the message.</exception>
    public bool TrySend(ReadOnlySpan<byte> message, int priority = 0)
    {
        ThrowIfGone();
        return _sender.TrySend(message, priority);
    }

    /// <summary>Writes a copy of a message; where the mailbox waits, as soon as there is room, until the time has run out.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="priority">From 0, the lowest, to one less than the mailbox has.</param>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>; null: for ever.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing was written.</param>
    /// <returns>False: the time has run out, or it was dropped; nothing was written.</returns>
    /// <inheritdoc cref="TrySend(ReadOnlySpan{byte}, int)"/>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Send(ReadOnlySpan<byte> message, int priority = 0, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout ?? Timeout.InfiniteTimeSpan);
        while (!TrySend(message, priority))
        {
            if (!_sender.Waits || !_sender.WaitToSend(time.Left, cancellationToken))
                return false;
        }
        return true;
    }

    /// <summary>As <see cref="Send"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Send"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, int priority = 0, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var time = new TimeLeft(timeout ?? Timeout.InfiniteTimeSpan);
        while (!TrySend(message.Span, priority))
        {
            if (!_sender.Waits || !await _sender.WaitToSendAsync(time.Left, cancellationToken).ConfigureAwait(false))
                return false;
        }
        return true;
    }

    /// <summary>Writes no more. What was written stays.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _sender.Dispose();
        _core.Channel.Release();
    }

    internal QueueSender Sender => _sender;

    internal void ThrowIfGone()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsGone)
        {
            throw new SharedObjectException(FailureReason.PeerDied,
                $"Mailbox \"{_core.Channel.Name}\" is gone: whoever read it has closed it, or died. Open a writer anew when somebody reads it again.",
                _core.Channel.Name, SharedObjectKind.Queue);
        }
    }
}

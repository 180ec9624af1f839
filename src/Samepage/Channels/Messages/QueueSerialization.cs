using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>Values of any type through a queue or a mailbox, by a serializer.</summary>
public static class QueueSerialization
{
    /// <summary>Sends a value, written where its receiver will read it, if there is room.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="sender">Who sends. The serializer must not use it.</param>
    /// <param name="value">The value.</param>
    /// <param name="serializer">How it is written.</param>
    /// <param name="priority">From 0, the lowest, to one less than the queue has.</param>
    /// <returns>False: there was no room. It was dropped, unless the queue waits.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="QueueSender.LongestMessage"/>, or there is no such priority.</exception>
    public static bool TrySend<T>(this QueueSender sender, T value, IMessageSerializer<T> serializer, int priority = 0)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(serializer);
        MessageRoom room = MessageRoom.Of(sender, LenderOf(priority), sender.LongestMessage);
        try
        {
            serializer.Write(value, room);
            if (!room.IsInPlace || !sender.TryLoan(room.WrittenCount, out QueueLoan loan, priority))
                return sender.TrySend(room.Written, priority);
            loan.Send();
            return true;
        }
        finally
        {
            room.End();
        }
    }

    /// <summary>Sends a value; where the queue waits, as soon as there is room.</summary>
    /// <inheritdoc cref="TrySend{T}(QueueSender, T, IMessageSerializer{T}, int)"/>
    /// <param name="sender">Who sends. The serializer must not use it.</param>
    /// <param name="value">The value; written anew after each wait.</param>
    /// <param name="serializer">How it is written.</param>
    /// <param name="priority">From 0, the lowest, to one less than the queue has.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing was sent.</param>
    /// <returns>False: it was dropped, which a queue that waits never does.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static bool Send<T>(this QueueSender sender, T value, IMessageSerializer<T> serializer, int priority = 0, CancellationToken cancellationToken = default)
    {
        while (!TrySend(sender, value, serializer, priority))
        {
            if (!sender.Waits)
                return false;
            _ = sender.WaitToSend(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        return true;
    }

    /// <summary>As <see cref="Send{T}(QueueSender, T, IMessageSerializer{T}, int, CancellationToken)"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Send{T}(QueueSender, T, IMessageSerializer{T}, int, CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<bool> SendAsync<T>(this QueueSender sender, T value, IMessageSerializer<T> serializer, int priority = 0, CancellationToken cancellationToken = default)
    {
        while (!TrySend(sender, value, serializer, priority))
        {
            if (!sender.Waits)
                return false;
            _ = await sender.WaitToSendAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>Writes a value to a mailbox, where its reader will read it, if there is room.</summary>
    /// <inheritdoc cref="TrySend{T}(QueueSender, T, IMessageSerializer{T}, int)"/>
    /// <param name="writer">Who writes. The serializer must not use it.</param>
    /// <param name="value">The value.</param>
    /// <param name="serializer">How it is written.</param>
    /// <param name="priority">From 0, the lowest, to one less than the mailbox has.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.PeerDied"/>: the mailbox is gone.</exception>
    public static bool TrySend<T>(this MailboxWriter writer, T value, IMessageSerializer<T> serializer, int priority = 0)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.ThrowIfGone();
        return TrySend(writer.Sender, value, serializer, priority);
    }

    /// <summary>Reads the value that a message is.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="message">The message, which is not done with by that.</param>
    /// <param name="serializer">As it was written with.</param>
    /// <exception cref="ObjectDisposedException">It was disposed, acknowledged or returned.</exception>
    public static T Read<T>(this QueueMessage message, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return serializer.Read(message.Span);
    }

    // One for each priority there can be, so that none is made for a message. One that cannot be is refused by the loan.
    private static readonly MessageRoom.Lender[] _lenders = [.. Enumerable.Range(0, QueueMode.MostPriorities).Select(LenderFor)];

    private static MessageRoom.Lender LenderOf(int priority) => (uint)priority < (uint)_lenders.Length ? _lenders[priority] : LenderFor(priority);

    private static MessageRoom.Lender LenderFor(int priority) =>
        (sender, length) => ((QueueSender)sender).TryLoan(length, out QueueLoan loan, priority) ? loan.Span : default;
}

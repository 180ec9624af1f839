using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>Values of any type through a topic, by a serializer.</summary>
public static class TopicSerialization
{
    private static readonly MessageRoom.Lender _lender = static (publisher, length) =>
        ((TopicPublisher)publisher).TryLoan(length, out TopicLoan loan) ? loan.Span : default;

    /// <summary>Publishes a value, written where subscribers will read it, if there is room.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="publisher">Who publishes. The serializer must not use it.</param>
    /// <param name="value">The value.</param>
    /// <param name="serializer">How it is written.</param>
    /// <param name="kind">What subscribers may choose by.</param>
    /// <returns>False: there was no room. It was dropped, unless the topic waits.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="TopicPublisher.LongestMessage"/>.</exception>
    public static bool TryPublish<T>(this TopicPublisher publisher, T value, IMessageSerializer<T> serializer, uint kind = 0)
    {
        ArgumentNullException.ThrowIfNull(publisher);
        ArgumentNullException.ThrowIfNull(serializer);
        MessageRoom room = MessageRoom.Of(publisher, _lender, publisher.LongestMessage);
        try
        {
            serializer.Write(value, room);
            if (!room.IsInPlace || !publisher.TryLoan(room.WrittenCount, out TopicLoan loan))
                return publisher.TryPublish(room.Written, kind);
            loan.Publish(kind);
            return true;
        }
        finally
        {
            room.End();
        }
    }

    /// <summary>Publishes a value; where the topic waits, as soon as there is room.</summary>
    /// <inheritdoc cref="TryPublish{T}(TopicPublisher, T, IMessageSerializer{T}, uint)"/>
    /// <param name="publisher">Who publishes. The serializer must not use it.</param>
    /// <param name="value">The value; written anew after each wait.</param>
    /// <param name="serializer">How it is written.</param>
    /// <param name="kind">What subscribers may choose by.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing was published.</param>
    /// <returns>False: it was dropped, which a topic that waits never does.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static bool Publish<T>(this TopicPublisher publisher, T value, IMessageSerializer<T> serializer, uint kind = 0, CancellationToken cancellationToken = default)
    {
        while (!TryPublish(publisher, value, serializer, kind))
        {
            if (!publisher.Waits)
                return false;
            _ = publisher.WaitToPublish(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        return true;
    }

    /// <summary>As <see cref="Publish{T}(TopicPublisher, T, IMessageSerializer{T}, uint, CancellationToken)"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Publish{T}(TopicPublisher, T, IMessageSerializer{T}, uint, CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<bool> PublishAsync<T>(this TopicPublisher publisher, T value, IMessageSerializer<T> serializer, uint kind = 0, CancellationToken cancellationToken = default)
    {
        while (!TryPublish(publisher, value, serializer, kind))
        {
            if (!publisher.Waits)
                return false;
            _ = await publisher.WaitToPublishAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>Reads the value that a message is.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="message">The message; its lease goes on.</param>
    /// <param name="serializer">As it was written with.</param>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public static T Read<T>(this TopicMessage message, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return serializer.Read(message.Span);
    }
}

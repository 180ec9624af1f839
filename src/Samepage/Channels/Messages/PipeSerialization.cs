using System.Runtime.CompilerServices;

namespace Samepage.Channels;

/// <summary>Values of any type through a pipe of messages, by a serializer.</summary>
public static class PipeSerialization
{
    private static readonly MessageRoom.Lender _lender = static (connection, length) =>
        ((PipeConnection)connection).TryLoan(length, out PipeLoan loan) ? loan.Span : default;

    /// <summary>Writes a value as a message, where the other end will read it, if there is room.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="connection">Of a pipe of messages. The serializer must not use it.</param>
    /// <param name="value">The value.</param>
    /// <param name="serializer">How it is written.</param>
    /// <returns>False: there was no room.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="PipeConnection.LongestMessage"/>.</exception>
    public static bool TryWrite<T>(this PipeConnection connection, T value, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(serializer);
        MessageRoom room = MessageRoom.Of(connection, _lender, connection.LongestMessage);
        try
        {
            serializer.Write(value, room);
            if (!room.IsInPlace || !connection.TryLoan(room.WrittenCount, out PipeLoan loan))
                return connection.TryWrite(room.Written);
            loan.Write();
            return true;
        }
        finally
        {
            room.End();
        }
    }

    /// <summary>Writes a value as a message, as soon as there is room.</summary>
    /// <inheritdoc cref="TryWrite{T}(PipeConnection, T, IMessageSerializer{T})"/>
    /// <param name="connection">Of a pipe of messages. The serializer must not use it.</param>
    /// <param name="value">The value; written anew after each wait.</param>
    /// <param name="serializer">How it is written.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing was written.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public static void Write<T>(this PipeConnection connection, T value, IMessageSerializer<T> serializer, CancellationToken cancellationToken = default)
    {
        while (!TryWrite(connection, value, serializer))
            _ = connection.WaitToWrite(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>As <see cref="Write{T}(PipeConnection, T, IMessageSerializer{T}, CancellationToken)"/>, without a thread that waits.</summary>
    /// <inheritdoc cref="Write{T}(PipeConnection, T, IMessageSerializer{T}, CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask WriteAsync<T>(this PipeConnection connection, T value, IMessageSerializer<T> serializer, CancellationToken cancellationToken = default)
    {
        while (!TryWrite(connection, value, serializer))
            _ = await connection.WaitToWriteAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the value that a message is.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="message">The message; its lease goes on.</param>
    /// <param name="serializer">As it was written with.</param>
    /// <exception cref="ObjectDisposedException">The lease has ended.</exception>
    public static T Read<T>(this PipeMessage message, IMessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return serializer.Read(message.Span);
    }
}

namespace Samepage.Cli.Bench;

/// <summary>A way for messages from one process to another and back: the one asks, the other answers each message with itself.</summary>
/// <remarks>Both hand over the bytes of a buffer and have them in a buffer: the same work for all routes, also for those that could do without copies.</remarks>
internal abstract class Route(string title, string address) : IDisposable
{
    /// <summary>For people.</summary>
    public string Title { get; } = title;

    /// <summary>From this the other side opens its end.</summary>
    public string Address { get; } = address;

    /// <summary>Opens the end of the side that answers.</summary>
    public static Route Open(string address, BenchJob job, CancellationToken ended)
    {
        string[] parts = address.Split(':', 2);
        return parts[0] switch
        {
            TopicRoute.Kind => new TopicRoute(parts[1], asks: false, job, ended),
            QueueRoute.Kind => new QueueRoute(parts[1], asks: false, job, ended),
            PipeRoute.Kind => PipeRoute.Join(parts[1], job, ended),
            ServiceRoute.Kind => new ServiceRoute(parts[1], asks: false, job, ended),
            AnonymousPipeRoute.Kind => AnonymousPipeRoute.Join(parts[1]),
            UnixSocketRoute.Kind => UnixSocketRoute.Join(parts[1]),
            _ => throw new ArgumentException($"\"{address}\" is nothing that messages could take."),
        };
    }

    /// <summary>Whether a route fails so because the other side has left or died, or this one was asked to end.</summary>
    public static bool IsOver(Exception failure) => failure is OperationCanceledException
        or SharedObjectException { Reason: FailureReason.PeerClosed or FailureReason.PeerDied }
        or IOException and not SharedObjectException;

    /// <summary>Called when the process of the other side runs.</summary>
    public virtual void Meet(CancellationToken ended)
    {
    }

    /// <summary>Sends a message and waits for the answer.</summary>
    /// <param name="message">The message.</param>
    /// <param name="answer">Filled with an answer of the same length.</param>
    public abstract void Ask(ReadOnlySpan<byte> message, Span<byte> answer);

    /// <summary>Waits for a message and answers it.</summary>
    /// <param name="message">Filled with the message.</param>
    public abstract void Answer(Span<byte> message);

    public abstract void Dispose();

    protected static void Take(ReadOnlySpan<byte> message, Span<byte> room)
    {
        if (message.Length != room.Length)
            throw new InvalidOperationException($"a message of {room.Length} bytes arrived with {message.Length}.");
        message.CopyTo(room);
    }
}

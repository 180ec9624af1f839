using System.Diagnostics;
using System.Runtime.CompilerServices;
using Samepage.Layout;

namespace Samepage.Channels;

/// <summary>A registered message (W40): whoever has it open sends two words to all the others, and to itself, and knows its own by the sender.</summary>
/// <remarks>
/// What is sent while nobody listens is gone; a listener that lags by more than 2,000 messages of one sender misses the oldest
/// (<see cref="Missed"/>). <see cref="Send"/> may be called from any thread; listening is for one thread at a time.
/// </remarks>
public sealed class Broadcast : IDisposable
{
    private const int Capacity = 1 << 16;
    private const int MostUsers = 63;

    private readonly Topic<BroadcastRecord> _topic;
    private readonly TopicPublisher<BroadcastRecord> _publisher;
    private readonly TopicSubscriber<BroadcastRecord> _subscriber;
    private readonly Lock _gate = new();

    private Broadcast(Topic<BroadcastRecord> topic)
    {
        _topic = topic;
        _subscriber = topic.Subscribe();
        try
        {
            _publisher = topic.CreatePublisher();
        }
        catch
        {
            _subscriber.Dispose();
            throw;
        }
    }

    /// <summary>The name of the message.</summary>
    public string Name => _topic.Name;

    /// <summary>Of this handle: what others see as <see cref="BroadcastMessage.Sender"/>. Drawn by lot.</summary>
    public long Id { get; } = Random.Shared.NextInt64(1, long.MaxValue);

    /// <summary>Signalled when there is a message to receive (W34).</summary>
    public SharedWaitable Receivable => _subscriber.Readable;

    /// <summary>How many messages came that this handle did not receive in time.</summary>
    public long Missed => _subscriber.Missed;

    /// <summary>Opens the message of that name, as everyone does who sends or listens (Windows: RegisterWindowMessage).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="access">Who may open it, if it is new (W20).</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.WrongKind"/>: the name is another object's (W07). <see cref="FailureReason.LimitReached"/>: 63 have it open.</exception>
    public static Broadcast Register(string name, SharedAccess access = SharedAccess.User)
    {
        Topic<BroadcastRecord> topic = Topic<BroadcastRecord>.CreateOrOpen(name,
            new TopicOptions { Capacity = Capacity, FullMode = TopicFullMode.DropOldest, MaxPublishers = MostUsers, MaxSubscribers = MostUsers, Access = access });
        try
        {
            return new Broadcast(topic);
        }
        catch
        {
            topic.Dispose();
            throw;
        }
    }

    /// <summary>Sends two words to everyone who has the message registered (Windows: PostMessage to HWND_BROADCAST).</summary>
    /// <param name="first">The first word.</param>
    /// <param name="second">The second word.</param>
    public void Send(long first = 0, long second = 0)
    {
        lock (_gate)
            _publisher.TryPublish(new BroadcastRecord { First = first, Second = second, Sender = Id });
    }

    /// <summary>Takes the next message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>False: there is none now.</returns>
    public bool TryReceive(out BroadcastMessage message)
    {
        bool found = _subscriber.TryRead(out BroadcastRecord record);
        message = Of(record);
        return found;
    }

    /// <summary>Waits for the next message and takes it.</summary>
    /// <param name="timeout">As for <see cref="SharedWaitable.Wait(TimeSpan, CancellationToken)"/>.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False: the time has run out.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool TryReceive(TimeSpan timeout, out BroadcastMessage message, CancellationToken cancellationToken = default)
    {
        long begun = Stopwatch.GetTimestamp();
        TimeSpan left = timeout;
        while (!TryReceive(out message))
        {
            if (!_subscriber.WaitToRead(left, cancellationToken))
                return false;
            // It may have been woken for nothing.
            if (timeout != Timeout.InfiniteTimeSpan && (left = timeout - Stopwatch.GetElapsedTime(begun)) < TimeSpan.Zero)
                left = TimeSpan.Zero;
        }
        return true;
    }

    /// <summary>Waits for the next message, without a thread that waits, and takes it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<BroadcastMessage> ReceiveAsync(CancellationToken cancellationToken = default) =>
        Of(await _subscriber.ReadAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        lock (_gate)
            _publisher.Dispose();
        _subscriber.Dispose();
        _topic.Dispose();
    }

    private static BroadcastMessage Of(in BroadcastRecord record) => new(record.First, record.Second, record.Sender);
}

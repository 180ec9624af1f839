using System.Diagnostics.CodeAnalysis;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>
/// A queue between processes: many send, many receive, and every message goes to one of those who receive. Messages are written and read in place, in shared memory (W43).
/// </summary>
/// <remarks>
/// It lives while anyone holds a handle, a sender or a receiver of it (W19), and what is in it with it. All members may be called from any thread at the same
/// time. Senders and receivers come and go at any time, and outlive the handle that made them.
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It is one.")]
public sealed class Queue : IDisposable
{
    private readonly QueueCore _core;
    private bool _disposed;

    private Queue(QueueCore core) => _core = core;

    /// <summary>The name.</summary>
    public string Name => _core.Channel.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _core.Channel.Memory.Info;

    /// <summary>What happens when there is no room, as the queue was made.</summary>
    public QueueFullMode FullMode => _core.Mode.Full;

    /// <summary>How many priorities there are, as the queue was made.</summary>
    public int Priorities => _core.Mode.Priorities;

    /// <summary>Makes a new queue.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="options">How it is made; null for the defaults.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    /// <exception cref="ArgumentException">The name or an option cannot be.</exception>
    public static Queue Create(string name, QueueOptions? options = null) => Make(name, options, "", openExisting: false, out _);

    /// <summary>Makes the queue, or opens the one that has the name; then its own options win (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="options">How a new one is made.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.WrongKind"/>: the name is another object's, or a mailbox's (W07).</exception>
    public static Queue CreateOrOpen(string name, out bool created, QueueOptions? options = null) => Make(name, options, "", openExisting: true, out created);

    /// <inheritdoc cref="CreateOrOpen(string, out bool, QueueOptions?)"/>
    public static Queue CreateOrOpen(string name, QueueOptions? options = null) => CreateOrOpen(name, out _, options);

    /// <summary>Opens the queue of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static Queue Open(string name) => TryOpen(name, out Queue? queue) ? queue : throw Absent.Of(name, SharedObjectKind.Queue);

    /// <summary>Opens the queue of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="queue">The queue, or null.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static bool TryOpen(string name, [NotNullWhen(true)] out Queue? queue)
    {
        queue = ChannelMemory.TryOpen(ObjectName.Parse(name), SharedObjectKind.Queue) is { } memory ? Of(memory) : null;
        return queue is not null;
    }

    /// <summary>True when a queue of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.Queue;

    /// <summary>One more sender.</summary>
    /// <param name="strategy">How it waits for room.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: there are <see cref="QueueOptions.MaxSenders"/> already.</exception>
    public QueueSender CreateSender(WaitStrategy strategy = WaitStrategy.SpinThenBlock)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new QueueSender(_core, strategy);
    }

    /// <summary>One more receiver.</summary>
    /// <param name="strategy">How it waits for messages.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: there are <see cref="QueueOptions.MaxReceivers"/> already.</exception>
    public QueueReceiver CreateReceiver(WaitStrategy strategy = WaitStrategy.SpinThenBlock)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new QueueReceiver(_core, strategy);
    }

    /// <summary>Closes this handle. Its senders and receivers go on.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _core.Channel.Release();
    }

    internal static Queue Make(string name, QueueOptions? options, string type, bool openExisting, out bool created) =>
        Of(ChannelMemory.Make(ObjectName.Parse(name), (options ?? new QueueOptions()).ToShape(type), openExisting, out created));

    internal void RequireType(string type) => _core.Channel.Memory.RequireType(type);

    private static Queue Of(ChannelMemory memory)
    {
        var core = new QueueCore(memory);
        if (!core.Mode.IsMailbox)
            return new Queue(core);
        core.Channel.Release();
        throw new SharedObjectException(FailureReason.WrongKind,
            $"\"{memory.Name.Full}\" is a mailbox, and a queue was asked for. Write to it by Mailbox.OpenWriter.", memory.Name.Full, SharedObjectKind.Queue);
    }
}

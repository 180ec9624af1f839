using System.Diagnostics.CodeAnalysis;

namespace Samepage.Channels;

/// <summary>A <see cref="Queue"/> of structs. Their layout is recorded in it, and compared by whoever opens it.</summary>
/// <typeparam name="T">A struct without references. Its fields' names, offsets and sizes count, its own name does not.</typeparam>
/// <remarks>As of <see cref="Queue"/>.</remarks>
[SuppressMessage("Design", "CA1000", Justification = "It is opened by its name and its type, as its sibling is by its name.")]
[SuppressMessage("Naming", "CA1711", Justification = "It is one.")]
public sealed class Queue<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] T> : IDisposable
    where T : unmanaged
{
    private static readonly string _type = StructLayoutText.Of<T>();

    private readonly Queue _queue;

    private Queue(Queue queue) => _queue = queue;

    /// <summary>The name.</summary>
    public string Name => _queue.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _queue.Info;

    /// <inheritdoc cref="Queue.FullMode"/>
    public QueueFullMode FullMode => _queue.FullMode;

    /// <inheritdoc cref="Queue.Priorities"/>
    public int Priorities => _queue.Priorities;

    /// <inheritdoc cref="Queue.Create(string, QueueOptions?)"/>
    public static Queue<T> Create(string name, QueueOptions? options = null) => new(Queue.Make(name, options, _type, openExisting: false, out _));

    /// <inheritdoc cref="Queue.CreateOrOpen(string, out bool, QueueOptions?)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its messages have another layout.</exception>
    public static Queue<T> CreateOrOpen(string name, out bool created, QueueOptions? options = null) =>
        Of(Queue.Make(name, options, _type, openExisting: true, out created));

    /// <inheritdoc cref="CreateOrOpen(string, out bool, QueueOptions?)"/>
    public static Queue<T> CreateOrOpen(string name, QueueOptions? options = null) => CreateOrOpen(name, out _, options);

    /// <inheritdoc cref="Queue.Open(string)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its messages have another layout.</exception>
    public static Queue<T> Open(string name) => TryOpen(name, out Queue<T>? queue) ? queue : throw Absent.Of(name, SharedObjectKind.Queue);

    /// <inheritdoc cref="Queue.TryOpen(string, out Queue?)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its messages have another layout.</exception>
    public static bool TryOpen(string name, [NotNullWhen(true)] out Queue<T>? queue)
    {
        queue = Queue.TryOpen(name, out Queue? opened) ? Of(opened) : null;
        return queue is not null;
    }

    /// <inheritdoc cref="Queue.CreateSender(WaitStrategy)"/>
    public QueueSender<T> CreateSender(WaitStrategy strategy = WaitStrategy.SpinThenBlock) => new(_queue.CreateSender(strategy));

    /// <inheritdoc cref="Queue.CreateReceiver(WaitStrategy)"/>
    public QueueReceiver<T> CreateReceiver(WaitStrategy strategy = WaitStrategy.SpinThenBlock) => new(_queue.CreateReceiver(strategy), Name);

    /// <summary>Closes this handle. Its senders and receivers go on.</summary>
    public void Dispose() => _queue.Dispose();

    private static Queue<T> Of(Queue queue)
    {
        try
        {
            queue.RequireType(_type);
            return new Queue<T>(queue);
        }
        catch
        {
            queue.Dispose();
            throw;
        }
    }
}

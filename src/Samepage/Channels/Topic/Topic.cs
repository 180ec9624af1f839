using System.Diagnostics.CodeAnalysis;
using Samepage.Atomics;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>
/// Publish and subscribe between processes: every message goes to everyone who subscribes. Messages are written and read in place, in shared memory.
/// </summary>
/// <remarks>
/// It lives while anyone holds a handle, a publisher or a subscriber of it (W19), and what is in it with it. All members may be called from any thread at the
/// same time. Publishers and subscribers come and go at any time, and outlive the handle that made them.
/// </remarks>
public sealed class Topic : IDisposable
{
    private readonly ChannelCore _core;
    private nint _open = 1;

    private Topic(ChannelMemory memory)
    {
        if (!Enum.IsDefined((TopicFullMode)memory.Shape.Mode))
        {
            memory.Dispose();
            throw ChannelErrors.Corrupt(memory.Name.Full, $"when it is full it is said to do {memory.Shape.Mode}");
        }
        _core = new ChannelCore(memory);
    }

    /// <summary>The name.</summary>
    public string Name => _core.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _core.Memory.Info;

    /// <summary>What happens when there is no room, as the topic was made.</summary>
    public TopicFullMode FullMode => (TopicFullMode)_core.Memory.Shape.Mode;

    /// <summary>Makes a new topic.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/> (W08).</param>
    /// <param name="options">How it is made; null for the defaults.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.AlreadyExists"/>: an object of any kind has the name (W04, W07).</exception>
    /// <exception cref="ArgumentException">The name or an option cannot be.</exception>
    public static Topic Create(string name, TopicOptions? options = null) => Make(name, options, "", openExisting: false, out _);

    /// <summary>Makes the topic, or opens the one that has the name; then its own options win (W04).</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="created">True when it is new.</param>
    /// <param name="options">How a new one is made.</param>
    public static Topic CreateOrOpen(string name, out bool created, TopicOptions? options = null) => Make(name, options, "", openExisting: true, out created);

    /// <inheritdoc cref="CreateOrOpen(string, out bool, TopicOptions?)"/>
    public static Topic CreateOrOpen(string name, TopicOptions? options = null) => CreateOrOpen(name, out _, options);

    /// <summary>Opens the topic of that name.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.NotFound"/> (W05), <see cref="FailureReason.WrongKind"/> (W07).</exception>
    public static Topic Open(string name) => TryOpen(name, out Topic? topic) ? topic : throw Absent.Of(name, SharedObjectKind.Topic);

    /// <summary>Opens the topic of that name if there is one.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    /// <param name="topic">The topic, or null.</param>
    public static bool TryOpen(string name, [NotNullWhen(true)] out Topic? topic)
    {
        topic = ChannelMemory.TryOpen(ObjectName.Parse(name), SharedObjectKind.Topic) is { } memory ? new Topic(memory) : null;
        return topic is not null;
    }

    /// <summary>True when a topic of that name is alive at this moment.</summary>
    /// <param name="name">As for <see cref="SharedMemory.Create"/>.</param>
    public static bool Exists(string name) =>
        Host.Platform.Inspector.Find(ObjectName.Parse(name), withHolders: false)?.Kind == SharedObjectKind.Topic;

    /// <summary>One more publisher.</summary>
    /// <param name="strategy">How it waits for room.</param>
    /// <exception cref="SharedObjectException">
    /// <see cref="FailureReason.LimitReached"/>: there are <see cref="TopicOptions.MaxPublishers"/> already. <see cref="FailureReason.VersionMismatch"/>: its
    /// messages are structs, which only a <see cref="Topic{T}"/> publishes.
    /// </exception>
    public TopicPublisher CreatePublisher(WaitStrategy strategy = WaitStrategy.SpinThenBlock)
    {
        ObjectDisposedException.ThrowIf(_open == 0, this);
        RequireType("");
        return new TopicPublisher(_core, strategy);
    }

    internal TopicPublisher CreateTypedPublisher(WaitStrategy strategy)
    {
        ObjectDisposedException.ThrowIf(_open == 0, this);
        return new TopicPublisher(_core, strategy);
    }

    /// <summary>One more subscriber.</summary>
    /// <param name="options">How it reads; null for new messages of all kinds.</param>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.LimitReached"/>: there are <see cref="TopicOptions.MaxSubscribers"/> already.</exception>
    public TopicSubscriber Subscribe(SubscriptionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_open == 0, this);
        return new TopicSubscriber(_core, options ?? new SubscriptionOptions());
    }

    /// <summary>Closes this handle. Its publishers and subscribers go on.</summary>
    public void Dispose()
    {
        if (SharedAtomics.Take(ref _open) != 0)
            _core.Release();
    }

    internal static Topic Make(string name, TopicOptions? options, string type, bool openExisting, out bool created) =>
        new(ChannelMemory.Make(ObjectName.Parse(name), (options ?? new TopicOptions()).ToShape(type), openExisting, out created));

    internal void RequireType(string type) => _core.Memory.RequireType(type);
}

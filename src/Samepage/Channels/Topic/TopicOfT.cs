using System.Diagnostics.CodeAnalysis;

namespace Samepage.Channels;

/// <summary>A <see cref="Topic"/> whose messages are structs of one layout, which is recorded in it and compared by everyone who opens it.</summary>
/// <typeparam name="T">A struct without references. Its fields' names, offsets and sizes count, its own name does not.</typeparam>
/// <remarks>As of <see cref="Topic"/>.</remarks>
[SuppressMessage("Design", "CA1000", Justification = "It is opened by its name and its type, as its sibling is by its name.")]
public sealed class Topic<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)] T> : IDisposable
    where T : unmanaged
{
    private static string? _known;

    private readonly Topic _topic;

    private Topic(Topic topic) => _topic = topic;

    /// <summary>Found at its first use, so that who asks is told what cannot be.</summary>
    private static string Type => _known ??= StructLayoutText.Of<T>();

    /// <summary>The name.</summary>
    public string Name => _topic.Name;

    /// <summary>What the object says of itself (W21).</summary>
    public SharedObjectInfo Info => _topic.Info;

    /// <summary>What happens when there is no room, as the topic was made.</summary>
    public TopicFullMode FullMode => _topic.FullMode;

    /// <inheritdoc cref="Topic.Create(string, TopicOptions?)"/>
    public static Topic<T> Create(string name, TopicOptions? options = null) => new(Topic.Make(name, options, Type, openExisting: false, out _));

    /// <inheritdoc cref="Topic.CreateOrOpen(string, out bool, TopicOptions?)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its messages have another layout.</exception>
    public static Topic<T> CreateOrOpen(string name, out bool created, TopicOptions? options = null) =>
        Of(Topic.Make(name, options, Type, openExisting: true, out created));

    /// <inheritdoc cref="CreateOrOpen(string, out bool, TopicOptions?)"/>
    public static Topic<T> CreateOrOpen(string name, TopicOptions? options = null) => CreateOrOpen(name, out _, options);

    /// <inheritdoc cref="Topic.Open(string)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its messages have another layout.</exception>
    public static Topic<T> Open(string name) => TryOpen(name, out Topic<T>? topic) ? topic : throw Absent.Of(name, SharedObjectKind.Topic);

    /// <inheritdoc cref="Topic.TryOpen(string, out Topic?)"/>
    /// <exception cref="SharedObjectException"><see cref="FailureReason.VersionMismatch"/>: its messages have another layout.</exception>
    public static bool TryOpen(string name, [NotNullWhen(true)] out Topic<T>? topic)
    {
        topic = Topic.TryOpen(name, out Topic? opened) ? Of(opened) : null;
        return topic is not null;
    }

    /// <inheritdoc cref="Topic.CreatePublisher(WaitStrategy)"/>
    public TopicPublisher<T> CreatePublisher(WaitStrategy strategy = WaitStrategy.SpinThenBlock) => new(_topic.CreateTypedPublisher(strategy));

    /// <inheritdoc cref="Topic.Subscribe(SubscriptionOptions?)"/>
    public TopicSubscriber<T> Subscribe(SubscriptionOptions? options = null) => new(_topic.Subscribe(options), Name);

    /// <summary>Closes this handle. Its publishers and subscribers go on.</summary>
    public void Dispose() => _topic.Dispose();

    private static Topic<T> Of(Topic topic)
    {
        try
        {
            topic.RequireType(Type);
            return new Topic<T>(topic);
        }
        catch
        {
            topic.Dispose();
            throw;
        }
    }
}

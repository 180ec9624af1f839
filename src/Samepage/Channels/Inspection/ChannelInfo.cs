namespace Samepage.Channels;

/// <summary>What can be seen of a channel from aside: <see cref="ChannelInspector.Find"/>.</summary>
/// <remarks>A snapshot of things that change while it is taken.</remarks>
public sealed record ChannelInfo
{
    /// <summary>The name, with the prefix <c>Global\</c> where it has one.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required SharedObjectKind Kind { get; init; }

    /// <summary>Bytes that each who writes has room for.</summary>
    public required long Capacity { get; init; }

    /// <summary>How many can write at one time.</summary>
    public required int MaxWriters { get; init; }

    /// <summary>How many can read at one time.</summary>
    public required int MaxReaders { get; init; }

    /// <summary>What happens when a topic has no room; null for other kinds.</summary>
    public TopicFullMode? FullMode { get; init; }

    /// <summary>What happens when a queue has no room; null for other kinds.</summary>
    public QueueFullMode? QueueFullMode { get; init; }

    /// <summary>How many priorities a queue has; null for other kinds.</summary>
    public int? Priorities { get; init; }

    /// <summary>What a pipe carries; null for other kinds.</summary>
    public PipeMode? PipeMode { get; init; }

    /// <summary>The layout of its messages in words; empty: they are bytes.</summary>
    public required string MessageType { get; init; }

    /// <summary>Those who write, and what those left who wrote before. Of a pipe: who listens.</summary>
    public required IReadOnlyList<ChannelWriterInfo> Writers { get; init; }

    /// <summary>Those who read. Of a pipe: those who ask to be connected.</summary>
    public required IReadOnlyList<ChannelReaderInfo> Readers { get; init; }

    /// <summary>The connections of a pipe; none for other kinds.</summary>
    public IReadOnlyList<PipeConnectionInfo> Connections { get; init; } = [];
}

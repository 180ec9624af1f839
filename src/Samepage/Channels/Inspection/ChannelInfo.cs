namespace Samepage.Channels;

/// <summary>What can be seen of a channel from aside: <see cref="ChannelInspector.Find"/>.</summary>
/// <remarks>A snapshot of things that change while it is taken.</remarks>
public sealed record ChannelInfo
{
    /// <summary>The name, with the prefix <c>Global\</c> where it has one.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required SharedObjectKind Kind { get; init; }

    /// <summary>Bytes that each who writes has room for; of a cell, or a map of cells, the most bytes of a value.</summary>
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

    /// <summary>How many keys a map of cells can have; null for other kinds.</summary>
    public int? MaxKeys { get; init; }

    /// <summary>How many calls each client of a service can have at one time; null for other kinds.</summary>
    public int? MaxCalls { get; init; }

    /// <summary>Of a request to a service, in bytes; null for other kinds.</summary>
    public int? LongestRequest { get; init; }

    /// <summary>Of a service's response, in bytes; null for other kinds.</summary>
    public int? LongestResponse { get; init; }

    /// <summary>The layout of its messages in words; empty: they are bytes.</summary>
    public required string MessageType { get; init; }

    /// <summary>Those who write, and what those left who wrote before. Of a pipe: who listens. Of a cell: the handles that have written. Of a service: its clients.</summary>
    public required IReadOnlyList<ChannelWriterInfo> Writers { get; init; }

    /// <summary>Those who read. Of a pipe: those who ask to be connected. Of a cell: its handles, and the waits for a change. Of a service: its servers.</summary>
    public required IReadOnlyList<ChannelReaderInfo> Readers { get; init; }

    /// <summary>The connections of a pipe; none for other kinds.</summary>
    public IReadOnlyList<PipeConnectionInfo> Connections { get; init; } = [];

    /// <summary>The value of a cell, or those of a map of cells, by their keys; none for other kinds.</summary>
    public IReadOnlyList<CellValueInfo> Values { get; init; } = [];
}

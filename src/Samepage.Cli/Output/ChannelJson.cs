using System.Text.Json.Serialization;
using Samepage.Channels;

namespace Samepage.Cli.Output;

/// <summary>What is a channel's own, as <c>--json</c> prints it within the object.</summary>
internal sealed record ChannelJson(
    long Capacity,
    string MessageType,
    [property: JsonConverter(typeof(CamelCase<TopicFullMode>))] TopicFullMode? FullMode,
    [property: JsonConverter(typeof(CamelCase<QueueFullMode>))] QueueFullMode? QueueFullMode,
    int? Priorities,
    IReadOnlyList<ChannelWriterInfo> Writers,
    IReadOnlyList<ChannelReaderInfo> Readers,
    [property: JsonConverter(typeof(CamelCase<PipeMode>))] PipeMode? PipeMode,
    IReadOnlyList<PipeConnectionInfo> Connections)
{
    public static ChannelJson? Of(SharedObjectInfo o) => ChannelText.Find(o) is { } c ? new(c.Capacity, c.MessageType, c.FullMode, c.QueueFullMode, c.Priorities, c.Writers, c.Readers, c.PipeMode, c.Connections) : null;
}

/// <summary>A message that <c>sub</c> got: its text, or its bytes where they are none.</summary>
internal sealed record MessageJson(uint Kind, int Length, int? Deliveries, string? Text, byte[]? Base64);

/// <summary>A message that <c>peek</c> saw; of a long one the beginning.</summary>
internal sealed record PeekJson(int Lane, int? ProcessId, long Number, uint Kind, int Length, int? Deliveries, string? Text, byte[]? Base64)
{
    public static PeekJson Of(ChannelInfo channel, ChannelMessageInfo m)
    {
        string? text = MessageLines.TextOf(m.Beginning.Span);
        return new PeekJson(m.Lane, ChannelText.WriterOf(channel, m.Lane), m.Number, m.Kind, m.Length, m.Deliveries, text, text is null ? m.Beginning.ToArray() : null);
    }
}

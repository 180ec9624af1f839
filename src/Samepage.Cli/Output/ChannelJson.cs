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
    IReadOnlyList<PipeConnectionInfo> Connections,
    int? MaxKeys,
    int? MaxCalls,
    int? LongestRequest,
    int? LongestResponse,
    IReadOnlyList<CellValueInfo> Values)
{
    public static ChannelJson? Of(SharedObjectInfo o) => ChannelText.Find(o) is { } c
        ? new(c.Capacity, c.MessageType, c.FullMode, c.QueueFullMode, c.Priorities, c.Writers, c.Readers, c.PipeMode, c.Connections, c.MaxKeys, c.MaxCalls, c.LongestRequest, c.LongestResponse, c.Values)
        : null;
}

/// <summary>A message, or the value of a cell: its text, or its bytes where they are none.</summary>
internal sealed record MessageJson(uint? Kind, ulong? Number, int Length, int? Deliveries, string? Text, byte[]? Base64);

/// <summary>A message that <c>peek</c> saw; of a long one the beginning.</summary>
internal sealed record PeekJson(int Lane, int? ProcessId, long Number, uint Kind, int Length, int? Deliveries, string? Text, byte[]? Base64)
{
    public static PeekJson Of(ChannelInfo channel, ChannelMessageInfo m)
    {
        string? text = MessageLines.TextOf(m.Beginning.Span);
        return new PeekJson(m.Lane, ChannelText.WriterOf(channel, m.Lane), m.Number, m.Kind, m.Length, m.Deliveries, text, text is null ? m.Beginning.ToArray() : null);
    }
}

using Samepage.Channels;

namespace Samepage.Cli.Output;

/// <summary>A channel in words.</summary>
internal static class ChannelText
{
    /// <summary>What can be seen of it; null for what is no channel, or is just being made, or damaged, or not this user's to see.</summary>
    public static ChannelInfo? Find(SharedObjectInfo o)
    {
        if (!IsChannel(o.Kind) || o.Name is null)
            return null;
        try
        {
            return ChannelInspector.Find(o.Name);
        }
        catch (SharedObjectException)
        {
            return null;
        }
    }

    public static bool IsChannel(SharedObjectKind kind) => kind is SharedObjectKind.Topic or SharedObjectKind.Queue or SharedObjectKind.Pipe
        or SharedObjectKind.Cell or SharedObjectKind.CellMap or SharedObjectKind.Service;

    /// <summary>Who takes part, and how far they are behind, in a few words.</summary>
    public static string State(ChannelInfo channel) => channel.Kind switch
    {
        SharedObjectKind.Pipe => PipeText.State(channel),
        SharedObjectKind.Cell or SharedObjectKind.CellMap => CellText.State(channel),
        SharedObjectKind.Service => ServiceText.State(channel),
        _ => MessageState(channel),
    };

    private static string MessageState(ChannelInfo channel)
    {
        int writers = channel.Writers.Count(w => w.ProcessId != 0);
        string text = $"{Counted(writers, WriterName(channel))}, {Counted(channel.Readers.Count, ReaderName(channel))}";
        if (Total(channel.Writers.Select(w => w.Waiting ?? 0)) is > 0 and var waiting)
            text += Shown.Invariant($", {waiting:N0} waiting");
        if (channel.Readers.Max(r => r.Lag) is > 0 and var lag)
            text += Shown.Invariant($", {lag:N0} behind");
        if (Total(channel.Readers.Select(r => r.Missed)) is > 0 and var missed)
            text += Shown.Invariant($", {missed:N0} missed");
        return text;
    }

    /// <summary>What a sheet says of it, after what it says of every object.</summary>
    public static IEnumerable<(string Label, string Value)> Lines(ChannelInfo channel, IReadOnlyList<SharedObjectHolder> holders) => channel.Kind switch
    {
        SharedObjectKind.Pipe => PipeText.Lines(channel, holders),
        SharedObjectKind.Cell or SharedObjectKind.CellMap => CellText.Lines(channel, holders),
        SharedObjectKind.Service => ServiceText.Lines(channel, holders),
        _ => MessageLines(channel, holders),
    };

    /// <summary>What its messages, values or requests are.</summary>
    public static string Type(ChannelInfo channel) => channel.MessageType.Length == 0 ? "bytes" : Shown.Text(channel.MessageType);

    private static IEnumerable<(string Label, string Value)> MessageLines(ChannelInfo channel, IReadOnlyList<SharedObjectHolder> holders)
    {
        yield return ("messages", Type(channel));
        yield return ("room", Shown.Invariant($"{Shown.Bytes(channel.Capacity)} for each of {channel.MaxWriters:N0} {WriterName(channel)}s{(Full(channel) is { } mode ? $"; {WhenFull(mode)}" : "")}"));
        foreach (ChannelWriterInfo w in channel.Writers)
            yield return (WriterName(channel), $"{Process(w.ProcessId, w.IsAlive, holders)}  lane {w.Lane}, {Shown.Invariant($"{w.Written:N0}")} written{(w.Waiting is { } waiting ? Shown.Invariant($", {waiting:N0} waiting") : "")}");
        foreach (ChannelReaderInfo r in channel.Readers)
            yield return (ReaderName(channel), Process(r.ProcessId, r.IsAlive, holders) + (channel.Kind == SharedObjectKind.Topic ? "  " + Lag(r) : ""));
    }

    /// <summary>Who writes a lane now, which is not always who wrote what lies in it; null: nobody.</summary>
    public static int? WriterOf(ChannelInfo channel, int lane)
    {
        int process = channel.Kind == SharedObjectKind.Pipe
            ? lane / 2 < channel.Connections.Count ? PipeText.WriterOf(channel.Connections[lane / 2], lane) : 0
            : lane < channel.Writers.Count && channel.Writers[lane].IsAlive ? channel.Writers[lane].ProcessId : 0;
        return process == 0 ? null : process;
    }

    public static string WhenFull(TopicFullMode mode) => mode switch
    {
        TopicFullMode.DropOldest => "when full it drops the oldest",
        TopicFullMode.DropNewest => "when full it drops the newest",
        _ => "when full it waits",
    };

    private static TopicFullMode? Full(ChannelInfo channel) => channel.FullMode ?? (TopicFullMode?)channel.QueueFullMode;

    private static string Lag(ChannelReaderInfo r)
    {
        string lag = r.Lag is { } behind ? Shown.Invariant($"{behind:N0} behind") : r.LagBytes is { } bytes ? $"{Shown.Bytes(bytes)} behind" : "does not say how far it is";
        return lag + (r.Missed > 0 ? Shown.Invariant($", {r.Missed:N0} missed") : "");
    }

    /// <summary>The sum; of numbers that somebody made up it may wrap.</summary>
    public static long Total(IEnumerable<long> parts) => parts.Aggregate(0L, static (sum, part) => sum + part);

    public static string Process(int id, bool alive, IReadOnlyList<SharedObjectHolder> holders)
    {
        if (id == 0)
            return "nobody";
        string program = holders.FirstOrDefault(h => h.ProcessId == id).Program ?? "";
        return Shown.Invariant($"{id} {Shown.Text(program)}").TrimEnd() + (alive ? "" : " (has ended)");
    }

    private static string WriterName(ChannelInfo channel) => channel.Kind == SharedObjectKind.Topic ? "publisher" : "sender";

    private static string ReaderName(ChannelInfo channel) => channel.Kind == SharedObjectKind.Topic ? "subscriber" : "receiver";

    public static string Counted(int count, string what) => Shown.Invariant($"{count:N0} {what}{(count == 1 ? "" : "s")}");
}

using Samepage.Channels;

namespace Samepage.Cli.Output;

/// <summary>A pipe in words: who listens, who asks, and who is connected with whom.</summary>
internal static class PipeText
{
    public static string State(ChannelInfo pipe)
    {
        string text = pipe.Writers.Any(w => w.IsAlive) ? ChannelText.Counted(pipe.Connections.Count, "connection") : $"nobody listens, {ChannelText.Counted(pipe.Connections.Count, "connection")}";
        if (pipe.Readers.Count > 0)
            text += Shown.Invariant($", {pipe.Readers.Count:N0} asking");
        if (ChannelText.Total(pipe.Connections.Select(c => c.ToServerUnread + c.ToClientUnread)) is > 0 and var unread)
            text += $", {Shown.Bytes(unread)} unread";
        return text;
    }

    public static IEnumerable<(string Label, string Value)> Lines(ChannelInfo pipe, IReadOnlyList<SharedObjectHolder> holders)
    {
        yield return ("carries", pipe.PipeMode == PipeMode.Messages ? "messages" : "a stream of bytes");
        yield return ("room", Shown.Invariant($"{Shown.Bytes(pipe.Capacity)} each way; {pipe.MaxReaders:N0} can ask at one time"));
        foreach (ChannelWriterInfo listener in pipe.Writers)
            yield return ("listener", ChannelText.Process(listener.ProcessId, listener.IsAlive, holders));
        foreach (ChannelReaderInfo client in pipe.Readers)
            yield return ("asks", ChannelText.Process(client.ProcessId, client.IsAlive, holders));
        foreach (PipeConnectionInfo c in pipe.Connections)
        {
            yield return ("connection", $"{ChannelText.Process(c.ClientProcessId, true, holders)} to {ChannelText.Process(c.ServerProcessId, true, holders)}  " +
                $"{Direction(c.ToServer, c.ToServerUnread)} there, {Direction(c.ToClient, c.ToClientUnread)} back");
        }
    }

    /// <summary>Even lanes lead to the server, odd ones back.</summary>
    public static int WriterOf(PipeConnectionInfo connection, int lane) => lane % 2 == 0 ? connection.ClientProcessId : connection.ServerProcessId;

    private static string Direction(long bytes, long unread) => Shown.Bytes(bytes) + (unread > 0 ? $" ({Shown.Bytes(unread)} unread)" : "");
}

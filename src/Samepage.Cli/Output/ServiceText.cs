using Samepage.Channels;

namespace Samepage.Cli.Output;

/// <summary>A service in words: who serves, who calls, and where the calls stand.</summary>
internal static class ServiceText
{
    public static string State(ChannelInfo service)
    {
        string text = $"{ChannelText.Counted(service.Readers.Count, "server")}, {ChannelText.Counted(service.Writers.Count(w => w.ProcessId != 0), "client")}";
        if (ChannelText.Total(service.Writers.Select(w => w.Waiting ?? 0)) is > 0 and var waiting)
            text += $", {Calls(waiting)} waiting";
        if (service.Readers.Sum(r => r.Serving) is > 0 and var serving)
            text += Shown.Invariant($", {serving:N0} being served");
        return text;
    }

    public static IEnumerable<(string Label, string Value)> Lines(ChannelInfo service, IReadOnlyList<SharedObjectHolder> holders)
    {
        yield return ("requests", ChannelText.Type(service));
        yield return ("room", Shown.Invariant($"requests of {Shown.Bytes(service.LongestRequest ?? 0)} and responses of {Shown.Bytes(service.LongestResponse ?? 0)} at most; {service.MaxCalls:N0} calls for each of {service.MaxWriters:N0} clients"));
        foreach (ChannelReaderInfo server in service.Readers)
            yield return ("server", $"{ChannelText.Process(server.ProcessId, server.IsAlive, holders)}  serving {Calls(server.Serving ?? 0)}");
        foreach (ChannelWriterInfo client in service.Writers.Where(w => w.ProcessId != 0 || w.Waiting > 0))
            yield return ("client", Shown.Invariant($"{ChannelText.Process(client.ProcessId, client.IsAlive, holders)}  lane {client.Lane}, {client.Written:N0} asked, {client.Waiting:N0} waiting"));
    }

    private static string Calls(long count) => Shown.Invariant($"{count:N0} {(count == 1 ? "call" : "calls")}");
}

using Samepage.Channels;

namespace Samepage.Cli.Output;

/// <summary>A cell, or a map of cells, in words: what is known of its values, who wrote them, and how many wait for the next.</summary>
internal static class CellText
{
    public static string State(ChannelInfo cell) => (cell.Kind == SharedObjectKind.CellMap ? ChannelText.Counted(cell.Values.Count, "key") : Value(cell.Values[0], [])) + Waiting(cell);

    public static IEnumerable<(string Label, string Value)> Lines(ChannelInfo cell, IReadOnlyList<SharedObjectHolder> holders)
    {
        yield return ("values", ChannelText.Type(cell));
        yield return ("room", cell.MaxKeys is { } keys
            ? Shown.Invariant($"{keys:N0} keys, with values of {Shown.Bytes(cell.Capacity)} at most")
            : $"{Shown.Bytes(cell.Capacity)} at most");
        foreach (CellValueInfo value in cell.Values)
            yield return value.Key is { } key ? ("key", $"{Shown.Name(key)}  {Value(value, holders)}") : ("value", Value(value, holders));
        yield return ("waiting", Shown.Invariant($"{Waiters(cell):N0}"));
    }

    /// <summary>How many wait for a change.</summary>
    public static int Waiters(ChannelInfo cell) => cell.Readers.Count(r => r is { IsAlive: true, IsWaiting: true });

    private static string Value(CellValueInfo value, IReadOnlyList<SharedObjectHolder> holders) => value.Length is { } length
        ? Shown.Invariant($"{Shown.Bytes(length)}, change {value.ChangeNumber:N0} by {ChannelText.Process(value.LastWriter, true, holders)}")
        : "never written";

    private static string Waiting(ChannelInfo cell) => Waiters(cell) is > 0 and var waiters ? Shown.Invariant($", {waiters:N0} waiting") : "";
}

namespace Samepage.Cli.Output;

/// <summary>An object's state and holders in a few words.</summary>
internal static class ObjectText
{
    public static string State(SharedObjectInfo o) => o.Kind switch
    {
        SharedObjectKind.Section => Section(o),
        _ when ChannelText.IsChannel(o.Kind) => ChannelText.Find(o) is { } channel ? ChannelText.State(channel) : "",
        _ when o.State is null => "",
        SharedObjectKind.Mutex or SharedObjectKind.Lock => Mutex(o.State) + Waiters(o.State),
        SharedObjectKind.Event => (o.State.IsSignaled ? "set" : "not set") + (o.State.IsManualReset ? ", manual" : ", auto") + Waiters(o.State),
        _ => Shown.Invariant($"{o.State.Count:N0} of {o.State.Maximum:N0}") + Waiters(o.State),
    };

    /// <summary>Pids and programs; a dash when this user may see none.</summary>
    public static string Holders(SharedObjectInfo o, string separator = ", ") => o.Holders is { Count: > 0 } holders
        ? string.Join(separator, holders.Select(h => Shown.Invariant($"{h.ProcessId} {Shown.Text(h.Program)}")))
        : "-";

    private static string Section(SharedObjectInfo o)
    {
        string committed = o.CommittedSize >= o.Size ? "committed" : $"{Shown.Size(o.CommittedSize)} committed";
        string protection = o.Protection == MemoryAccess.ReadWrite ? "" : $", {o.Protection}";
        return o.BackingFile is { } file ? $"file {Shown.Text(file)}{protection}" : committed + protection;
    }

    private static string Mutex(SharedObjectState s) =>
        s.IsAbandoned ? "abandoned" :
        s.IsSignaled ? "free" :
        s.OwnerProcessId == 0 ? $"owned by thread {s.OwnerThreadId}" :
        s.OwnerProcessId == s.OwnerThreadId || s.OwnerThreadId == 0 ? $"owned by {s.OwnerProcessId}" : $"owned by {s.OwnerProcessId} (thread {s.OwnerThreadId})";

    private static string Waiters(SharedObjectState s) => s.WaiterCount switch
    {
        0 => "",
        { } count => Shown.Invariant($", {count:N0} waiting"),
        null => s.HasWaiters ? ", waiters" : "",
    };
}

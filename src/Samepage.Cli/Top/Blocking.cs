using Samepage.Channels;
using Samepage.Cli.Output;

namespace Samepage.Cli.Top;

/// <summary>Who blocks whom: the owner of a mutex or lock those who wait for it, a slow subscriber those who publish.</summary>
internal static class Blocking
{
    /// <summary>Empty: nobody is blocked, or it is not known by whom.</summary>
    public static string Of(SharedObjectInfo o, ChannelInfo? channel) => o switch
    {
        { Kind: SharedObjectKind.Mutex or SharedObjectKind.Lock, State: { IsSignaled: false, IsAbandoned: false } state } when (state.WaiterCount ?? (state.HasWaiters ? 1 : 0)) > 0 => ByOwner(state, o.Holders ?? []),
        { Kind: SharedObjectKind.Topic } when channel?.FullMode == TopicFullMode.Wait => ByReader(channel, o.Holders ?? []),
        _ => "",
    };

    private static string ByOwner(SharedObjectState state, IReadOnlyList<SharedObjectHolder> holders)
    {
        string owner = state.OwnerProcessId == 0 ? Shown.Invariant($"thread {state.OwnerThreadId}") : ChannelText.Process(state.OwnerProcessId, true, holders);
        string waiters = state.Waiters is { Count: > 0 } known
            ? string.Join(", ", known.Select(w => Shown.Invariant($"{w.ProcessId} {Shown.Text(w.Program)}").TrimEnd()).Distinct())
            : state.WaiterCount is { } count ? Shown.Invariant($"{count:N0}") : "others";
        return $"{owner} blocks {waiters}";
    }

    /// <summary>Publishers that sleep wait for room, and the subscriber that is furthest behind gives none.</summary>
    private static string ByReader(ChannelInfo channel, IReadOnlyList<SharedObjectHolder> holders)
    {
        ChannelWriterInfo[] blocked = [.. channel.Writers.Where(w => w is { IsAlive: true, IsWaiting: true })];
        ChannelReaderInfo last = channel.Readers.Where(r => r is { IsAlive: true, IsWaiting: false, LagBytes: > 0 }).OrderByDescending(r => r.LagBytes).FirstOrDefault();
        return blocked.Length == 0 || last.ProcessId == 0
            ? ""
            : $"{ChannelText.Process(last.ProcessId, true, holders)} blocks {string.Join(", ", blocked.Select(w => ChannelText.Process(w.ProcessId, true, holders)))}";
    }
}

using System.Diagnostics.CodeAnalysis;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Watching;

/// <summary>When the time of pending waits runs out. Guarded by <see cref="WatchService.Gate"/>.</summary>
internal sealed class DeadlineQueue
{
    private const int FewStale = 1024;

    private readonly PriorityQueue<(PendingWait Wait, long Generation), Deadline> _queue = new();
    private int _stale;

    /// <summary>The earliest; never, when there is none.</summary>
    public Deadline Next => _queue.TryPeek(out _, out Deadline next) ? next : Deadline.After(Timeout.InfiniteTimeSpan);

    /// <summary>True when it is the earliest now.</summary>
    public bool Add(PendingWait wait, in Deadline deadline)
    {
        wait.HasDeadline = true;
        _queue.Enqueue((wait, wait.Generation), deadline);
        return _queue.Peek().Wait == wait;
    }

    /// <summary>The wait has ended: its deadline means nothing any more.</summary>
    public void Forget(PendingWait wait)
    {
        if (!wait.HasDeadline)
            return;
        wait.HasDeadline = false;
        // Taking one out of the middle costs a search; most are taken out together, when half of the queue is stale.
        if (++_stale < Math.Max(FewStale, _queue.Count / 2))
            return;
        var live = new List<((PendingWait, long), Deadline)>(_queue.Count - _stale);
        foreach (((PendingWait Wait, long Generation) element, Deadline deadline) in _queue.UnorderedItems)
        {
            if (IsLive(element))
                live.Add((element, deadline));
        }
        _queue.Clear();
        _queue.EnqueueRange(live);
        _stale = 0;
    }

    public bool TryTakeExpired([NotNullWhen(true)] out PendingWait? wait)
    {
        var now = Deadline.After(TimeSpan.Zero);
        while (_queue.TryPeek(out (PendingWait Wait, long Generation) first, out Deadline deadline) && deadline.CompareTo(now) <= 0)
        {
            _ = _queue.Dequeue();
            if (IsLive(first))
            {
                wait = first.Wait;
                wait.HasDeadline = false;
                return true;
            }
            _stale--;
        }
        wait = null;
        return false;
    }

    private static bool IsLive((PendingWait Wait, long Generation) element) =>
        element.Wait.Generation == element.Generation && element.Wait.IsPending && element.Wait.HasDeadline;
}

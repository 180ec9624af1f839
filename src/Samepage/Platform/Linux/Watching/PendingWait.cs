using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Watching;

/// <summary>An asynchronous wait for one, any or all of some objects. Guarded by <see cref="WatchService.Gate"/>.</summary>
internal sealed class PendingWait : AsyncWait
{
    private const int MostKept = 1024;

    // Of those for one object, which are most.
    private static readonly Stack<PendingWait> _kept = [];

    private readonly WaitableBackend[] _objects;
    private readonly WatchEntry[] _entries;
    private int[]? _order;

    private PendingWait(int count)
    {
        _objects = new WaitableBackend[count];
        _entries = new WatchEntry[count];
        for (int i = 0; i < count; i++)
            _entries[i] = new WatchEntry(this, i);
    }

    /// <summary>Grows each time that this object serves another wait.</summary>
    public long Generation { get; private set; }

    public bool IsPending { get; private set; }

    /// <summary>It stands in the queue of deadlines.</summary>
    public bool HasDeadline { get; set; }

    /// <summary>In the order of claiming, when it is a wait for all; otherwise null.</summary>
    public ReadOnlySpan<int> Order => _order;

    public bool IsForAll => _order is not null;

    public ReadOnlySpan<WaitableBackend> Objects => _objects;

    public ReadOnlySpan<WatchEntry> Entries => _entries;

    public static PendingWait Begin(ReadOnlySpan<WaitableBackend> objects, bool forAll, TimeSpan timeout, CancellationToken token)
    {
        PendingWait? wait = null;
        if (objects.Length == 1)
        {
            lock (_kept)
                _ = _kept.TryPop(out wait);
        }
        wait ??= new PendingWait(objects.Length);
        objects.CopyTo(wait._objects);
        wait._order = null;
        if (forAll)
            AllWait.SetOrder(objects, wait._order = new int[objects.Length]);
        wait.IsPending = true;
        WatchService.Register(wait, Deadline.After(timeout));
        wait.EndWith(token);
        return wait;
    }

    public IFutexObject ObjectOf(WatchEntry entry) => FutexObject.Of(_objects[entry.Index]);

    /// <summary>The caller has taken what the result says, and removed the entries.</summary>
    public new void End(WaitResult result, int index)
    {
        IsPending = false;
        base.End(result, index);
    }

    public new void Fail(Exception failure)
    {
        IsPending = false;
        base.Fail(failure);
    }

    protected override void Cancel()
    {
        lock (WatchService.Gate)
        {
            if (!IsPending)
                return;
            WatchService.Withdraw(this, by: null);
            IsPending = false;
            EndCancelled();
        }
    }

    protected override void Recycle()
    {
        Generation++;
        Array.Clear(_objects);
        if (_objects.Length != 1)
            return;
        lock (_kept)
        {
            if (_kept.Count < MostKept)
                _kept.Push(this);
        }
    }
}

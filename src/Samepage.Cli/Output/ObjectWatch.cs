namespace Samepage.Cli.Output;

/// <summary>Looks at an object again and again, and says what is not as it was before.</summary>
/// <remarks>It holds nothing between the looks. Finding holders takes a look at every process, so it is done only for sections, of which nothing else can be seen.</remarks>
internal sealed class ObjectWatch(string name)
{
    private SharedObjectInfo? _before;
    private bool _hasBegun;

    public string Name => name;

    /// <summary>Takes a look. Empty: nothing changed.</summary>
    public IReadOnlyList<ObjectEvent> Look()
    {
        SharedObjectInfo? now = SharedObjects.Find(name);
        if (now?.Kind == SharedObjectKind.Section)
            now = SharedObjects.Find(name, withHolders: true);
        ObjectEvent[] events = _hasBegun
            ? [.. Between(_before, now)]
            : [new ObjectEvent(now is null ? ObjectEventKind.Absent : ObjectEventKind.Present, now)];
        (_before, _hasBegun) = (now, true);
        return events;
    }

    private IEnumerable<ObjectEvent> Between(SharedObjectInfo? before, SharedObjectInfo? now)
    {
        if (before is not null && now is not null && IdentityOf(before) == IdentityOf(now))
            return now.State is null || before.State is null ? HoldersBetween(before, now) : StatesBetween(now, before.State, now.State);
        var events = new List<ObjectEvent>();
        if (before is not null)
            events.Add(new ObjectEvent(ObjectEventKind.Removed, before));
        if (now is not null)
            events.Add(new ObjectEvent(ObjectEventKind.Created, now) { Process = new SharedObjectHolder(now.CreatorProcessId, now.CreatorProgram) });
        return events;
    }

    // One that ended and was made anew between two looks is another one.
    private static (SharedObjectKind, DateTimeOffset, int) IdentityOf(SharedObjectInfo o) => (o.Kind, o.Created, o.CreatorProcessId);

    private static IEnumerable<ObjectEvent> HoldersBetween(SharedObjectInfo before, SharedObjectInfo now)
    {
        IReadOnlyList<SharedObjectHolder> old = before.Holders ?? [], current = now.Holders ?? [];
        return current.Except(old).Select(h => new ObjectEvent(ObjectEventKind.Joined, now) { Process = h })
            .Concat(old.Except(current).Select(h => new ObjectEvent(ObjectEventKind.Left, now) { Process = h }));
    }

    private IEnumerable<ObjectEvent> StatesBetween(SharedObjectInfo now, SharedObjectState old, SharedObjectState current)
    {
        ObjectEvent? changed = now.Kind switch
        {
            SharedObjectKind.Mutex or SharedObjectKind.Lock => OfMutex(now, old, current),
            SharedObjectKind.Event when old.IsSignaled != current.IsSignaled =>
                new ObjectEvent(current.IsSignaled ? ObjectEventKind.Set : ObjectEventKind.Reset, now),
            SharedObjectKind.Semaphore when old.Count != current.Count =>
                new ObjectEvent(ObjectEventKind.Count, now) { Change = (old.Count, current.Count) },
            _ => null,
        };
        if (changed is not null)
            yield return changed;
        if (old.WaiterCount is { } fewer && current.WaiterCount is { } more && fewer != more)
            yield return new ObjectEvent(ObjectEventKind.Waiters, now) { Change = (fewer, more) };
    }

    private ObjectEvent? OfMutex(SharedObjectInfo now, SharedObjectState old, SharedObjectState current)
    {
        if (current.IsAbandoned && !old.IsAbandoned)
            return new ObjectEvent(ObjectEventKind.Abandoned, now);
        if (current.IsSignaled)
            return old.IsSignaled && old.IsAbandoned == current.IsAbandoned ? null : new ObjectEvent(ObjectEventKind.Released, now);
        return old.OwnerThreadId == current.OwnerThreadId && old.OwnerProcessId == current.OwnerProcessId
            ? null
            : new ObjectEvent(ObjectEventKind.Taken, now) { Process = OwnerOf(current) };
    }

    private SharedObjectHolder OwnerOf(SharedObjectState state) => SharedObjects.Find(name, withHolders: true)?.Holders?
        .Where(h => h.ProcessId == state.OwnerProcessId).Cast<SharedObjectHolder?>().FirstOrDefault() ?? new SharedObjectHolder(state.OwnerProcessId, "");
}

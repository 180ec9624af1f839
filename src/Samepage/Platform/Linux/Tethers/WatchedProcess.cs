namespace Samepage.Platform.Linux.Tethers;

/// <summary>A watch of another process that calls back. All watches of one process share its <see cref="TetherWatch"/>.</summary>
internal sealed class WatchedProcess : IDisposable
{
    // Guards which watches have neither been told nor disposed. Referred to here, or they would be collected, and nobody told.
    private static readonly Lock _gate = new();
    private static readonly HashSet<WatchedProcess> _all = [];

    private readonly TetherWatch _watch;
    private readonly Action _gone;

    private WatchedProcess(TetherWatch watch, Action gone)
    {
        _watch = watch;
        _gone = gone;
    }

    /// <summary>Null: it has ended.</summary>
    public static WatchedProcess? Begin(SharedObjectScope scope, ulong life, Action gone)
    {
        if (ObjectDirectory.ToLookAt(scope) is not { } directory || TetherWatch.TryWatch(directory, TetherName.OfProcess(life)) is not { } watch)
            return null;
        var begun = new WatchedProcess(watch, gone);
        lock (_gate)
            _all.Add(begun);
        if (watch.TryNotify(begun.Tell))
            return begun;
        _ = begun.TryEnd();
        watch.Release();
        return null;
    }

    public void Dispose()
    {
        if (!TryEnd())
            return;
        _watch.Forget(Tell);
        _watch.Release();
    }

    private void Tell()
    {
        if (!TryEnd())
            return;
        _watch.Release();
        _gone();
    }

    /// <summary>True for one caller: who is told, or who disposed before.</summary>
    private bool TryEnd()
    {
        lock (_gate)
            return _all.Remove(this);
    }
}

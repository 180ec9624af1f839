using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class LockScene : IScene
{
    private readonly SharedLock _lock;

    public LockScene(string name)
    {
        _lock = SharedLock.Create(name);
        Operation[] operations =
        [
            new("lock: wait", r => _lock.Wait(Short(r))),
            new("lock: wait, release", r =>
            {
                if (_lock.Wait(Short(r)) != WaitResult.TimedOut)
                    _lock.Release();
            }),
            new("lock: wait asynchronously", r =>
            {
                if (_lock.WaitAsync(Short(r)).AsTask().GetAwaiter().GetResult() != WaitResult.TimedOut)
                    _lock.Release();
            }),
            new("lock: release", _ => _lock.Release()),
            new("lock: join", _ => _lock.Join().Dispose()),
            new("lock: participants", _ => _lock.Participants()),
            new("lock: info", r => _ = _lock.Info.State),
            new("lock: another handle", r =>
            {
                if (!SharedLock.TryOpen(name, out SharedLock? other))
                    return;
                using (other)
                {
                    if (other.Wait(Short(r)) != WaitResult.TimedOut)
                        other.Release();
                }
            }),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    public void Dispose() => _lock.Dispose();
}

using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class MutexScene : IScene
{
    private readonly SharedMutex _mutex;

    public MutexScene(string name)
    {
        _mutex = SharedMutex.Create(name);
        Operation[] operations =
        [
            new("mutex: wait", r => _mutex.Wait(Short(r))),
            new("mutex: wait, release", r =>
            {
                if (_mutex.Wait(Short(r)) != WaitResult.TimedOut)
                    _mutex.Release();
            }),
            new("mutex: release", _ => _mutex.Release()),
            new("mutex: info", r => _ = _mutex.Info.State),
            new("mutex: participants", _ => _mutex.Participants()),
            new("mutex: another handle", r =>
            {
                if (!SharedMutex.TryOpen(name, out SharedMutex? other))
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

    public void Dispose() => _mutex.Dispose();
}

using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

/// <summary>Waits for any and for all of objects of every kind that can be waited for.</summary>
internal sealed class SeveralScene : IScene
{
    private readonly SharedMutex _mutex;
    private readonly SharedLock _lock;
    private readonly SharedEvent _auto;
    private readonly SharedEvent _manual;
    private readonly SharedSemaphore _semaphore;
    private readonly SharedWaitable[] _all;

    public SeveralScene(string name)
    {
        _mutex = SharedMutex.Create(name + "m");
        _lock = SharedLock.Create(name + "l");
        _auto = SharedEvent.Create(name + "a", EventResetMode.AutoReset, initiallySet: true);
        _manual = SharedEvent.Create(name + "e", EventResetMode.ManualReset, initiallySet: true);
        _semaphore = SharedSemaphore.Create(name + "s", 3, 10);
        _all = [_mutex, _auto, _manual, _semaphore, _lock];
        Operation[] operations =
        [
            new("any", r => GiveBack(SharedWait.Any(Some(r, 5), Short(r)))),
            new("all", r => GiveBackAll(r, Some(r, 4))),
            new("any asynchronously", r => SharedWait.AnyAsync(Signals(r), Short(r)).AsTask().GetAwaiter().GetResult()),
            new("all asynchronously", r => SharedWait.AllAsync(Signals(r), Short(r)).AsTask().GetAwaiter().GetResult()),
            new("release semaphore", _ => _semaphore.Release()),
            new("set", _ => _auto.Set()),
            new("set manual", _ => _manual.Set()),
            new("reset manual", _ => _manual.Reset()),
            new("release mutex", _ => _mutex.Release()),
            new("release lock", _ => _lock.Release()),
            new("info", r => _ = _all[r.Next(_all.Length)].Info.State),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    private SharedWaitable[] Some(Random random, int of)
    {
        var chosen = _all[..of].ToArray();
        random.Shuffle(chosen);
        return chosen[..random.Next(1, of + 1)];
    }

    private SharedWaitable[] Signals(Random random) => random.Next(3) switch
    {
        0 => [_auto, _semaphore],
        1 => [_auto, _manual, _semaphore],
        _ => [_manual, _auto],
    };

    private void GiveBack(SharedWaitResult result)
    {
        if (result.Result != WaitResult.TimedOut)
            _semaphore.Release();
    }

    private static void GiveBackAll(Random random, SharedWaitable[] waitables)
    {
        if (SharedWait.All(waitables, Short(random)).Result == WaitResult.TimedOut)
            return;
        foreach (SharedWaitable waitable in waitables)
        {
            if (waitable is SharedMutex mutex)
                mutex.Release();
            else if (waitable is SharedSemaphore semaphore)
                semaphore.Release();
            else if (waitable is SharedEvent signal)
                signal.Set();
        }
    }

    public void Dispose() => Holdings.Release([.. _all]);
}

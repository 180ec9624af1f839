using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class SemaphoreScene : IScene
{
    private readonly SharedSemaphore _semaphore;

    public SemaphoreScene(string name, int maximum)
    {
        _semaphore = SharedSemaphore.Create(name, 1, maximum);
        Operation[] operations =
        [
            new("semaphore: wait", r => _semaphore.Wait(Short(r))),
            new("semaphore: wait asynchronously", r => _semaphore.WaitAsync(Short(r)).AsTask().GetAwaiter().GetResult()),
            new("semaphore: release", _ => _semaphore.Release()),
            new("semaphore: release several", r => _semaphore.Release(r.Next(1, 4))),
            new("semaphore: info", r => _ = _semaphore.Info.State),
            new("semaphore: another handle", r =>
            {
                if (!SharedSemaphore.TryOpen(name, out SharedSemaphore? other))
                    return;
                using (other)
                {
                    _ = other.MaximumCount;
                    _ = other.Release();
                    _ = other.Wait(Short(r));
                }
            }),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    public void Dispose() => _semaphore.Dispose();
}

using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class ReaderWriterScene : IScene
{
    private readonly SharedReaderWriterLock _lock;

    public ReaderWriterScene(string name)
    {
        _lock = SharedReaderWriterLock.Create(name);
        Operation[] operations =
        [
            new("reader-writer lock: read", r =>
            {
                if (_lock.EnterRead(Short(r)) != WaitResult.TimedOut)
                    _lock.ExitRead();
            }),
            new("reader-writer lock: write", r =>
            {
                if (_lock.EnterWrite(Short(r)) != WaitResult.TimedOut)
                    _lock.ExitWrite();
            }),
            new("reader-writer lock: read asynchronously", r =>
            {
                if (_lock.EnterReadAsync(Short(r)).AsTask().GetAwaiter().GetResult() != WaitResult.TimedOut)
                    _lock.ExitRead();
            }),
            new("reader-writer lock: write asynchronously", r =>
            {
                if (_lock.EnterWriteAsync(Short(r)).AsTask().GetAwaiter().GetResult() != WaitResult.TimedOut)
                    _lock.ExitWrite();
            }),
            new("reader-writer lock: stay reading", r => _lock.EnterRead(Short(r))),
            new("reader-writer lock: exit reading", _ => _lock.ExitRead()),
            new("reader-writer lock: exit writing", _ => _lock.ExitWrite()),
            new("reader-writer lock: info", r => _ = _lock.Info.State),
            new("reader-writer lock: another handle", r =>
            {
                if (!SharedReaderWriterLock.TryOpen(name, out SharedReaderWriterLock? other))
                    return;
                using (other)
                {
                    if (other.EnterWrite(Short(r)) != WaitResult.TimedOut)
                        other.ExitWrite();
                }
            }),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    // What is held stays held, and open, until its process ends.
    public void Dispose() => Holdings.Release(new Exit(_lock.ExitRead), new Exit(_lock.ExitWrite), _lock);

    private sealed class Exit(Action exit) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                while (true)
                    exit();
            }
            catch (InvalidOperationException)
            {
                // It is not held.
            }
        }
    }
}

using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class EventScene : IScene
{
    private readonly SharedEvent _event;

    public EventScene(string name, EventResetMode mode)
    {
        _event = SharedEvent.Create(name, mode);
        Operation[] operations =
        [
            new("event: wait", r => _event.Wait(Short(r))),
            new("event: wait asynchronously", r => _event.WaitAsync(Short(r)).AsTask().GetAwaiter().GetResult()),
            new("event: set", _ => _event.Set()),
            new("event: reset", _ => _event.Reset()),
            new("event: info", r => _ = _event.Info.State),
            new("event: another handle", r =>
            {
                if (!SharedEvent.TryOpen(name, out SharedEvent? other))
                    return;
                using (other)
                {
                    _ = other.Mode;
                    other.Set();
                    _ = other.Wait(Short(r));
                }
            }),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    public void Dispose() => _event.Dispose();
}

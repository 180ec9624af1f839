using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

/// <summary>Participants of an object, and being told that they are gone.</summary>
internal sealed class TetherScene : IScene
{
    private readonly SharedEvent _event;
    private readonly SharedMembership _membership;

    public TetherScene(string name)
    {
        _event = SharedEvent.Create(name, EventResetMode.AutoReset);
        _membership = _event.Join();
        Actors =
        [
            new(new("tether: join", _ => _event.Join().Dispose()),
                new("tether: participants", _ => _event.Participants()),
                new("tether: watch", r =>
                {
                    foreach (SharedParticipant participant in _event.Participants())
                    {
                        if (!participant.TryWatch(out SharedTether? tether))
                            continue;
                        using (tether)
                            _ = tether.Wait(Short(r));
                    }
                }),
                new("tether: any", r =>
                {
                    if (_event.Participants() is [SharedParticipant first, ..] && first.TryWatch(out SharedTether? tether))
                    {
                        using (tether)
                            _ = SharedWait.Any([tether, _event], Short(r));
                    }
                })),
            new(new("tether: set", _ => _event.Set()),
                new("tether: reset", _ => _event.Reset()),
                new("tether: list", _ => SharedObjects.List(withHolders: true))),
        ];
    }

    public IReadOnlyList<Actor> Actors { get; }

    public void Dispose() => Holdings.Release(_membership, _event);
}

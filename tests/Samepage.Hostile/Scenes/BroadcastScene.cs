using Samepage.Channels;
using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class BroadcastScene : IScene
{
    private readonly Broadcast _one;
    private readonly Broadcast _other;

    public BroadcastScene(string name)
    {
        _one = Broadcast.Register(name);
        _other = Broadcast.Register(name);
        Actors = [Of(_one, name), Of(_other, name)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    private static Actor Of(Broadcast broadcast, string name) => new(
        new("broadcast: send", r => broadcast.Send(r.Next(), 5)),
        new("broadcast: receive", r => broadcast.TryReceive(Short(r), out _)),
        new("broadcast: receive what is there", _ =>
        {
            for (int i = 0; i < 100 && broadcast.TryReceive(out BroadcastMessage _); i++) { }
        }),
        new("broadcast: missed", r => _ = broadcast.Missed),
        new("broadcast: another", _ => Broadcast.Register(name).Dispose()));

    public void Dispose() => Holdings.Release(_one, _other);
}

using Samepage.Channels;
using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class ClipboardScene : IScene
{
    private readonly Clipboard _one;
    private readonly Clipboard _other;

    public ClipboardScene(string name)
    {
        _one = Clipboard.CreateOrOpen(name, 100_000);
        _other = Clipboard.CreateOrOpen(name, 100_000);
        Actors = [Of(_one, name), Of(_other, name)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    private static Actor Of(Clipboard clipboard, string name) => new(
        new("clipboard: set", r => clipboard.Set(new ClipboardItem().Add("text", Message(r, 5000)).Add("other", Message(r, 50)))),
        new("clipboard: promise", r => clipboard.Set(new ClipboardItem().Promise("text", () => new byte[20]))),
        new("clipboard: formats", r => _ = clipboard.Formats),
        new("clipboard: get", r => Touch(clipboard.Get(r.Next(2) == 0 ? "text" : "other", TimeSpan.FromMilliseconds(1)))),
        new("clipboard: state", r => _ = clipboard.IsOwner ? clipboard.SequenceNumber : clipboard.OwnerProcessId),
        new("clipboard: clear", _ => clipboard.Clear()),
        new("clipboard: another", r =>
        {
            using var third = Clipboard.CreateOrOpen(name, 100_000);
            Touch(third.Get("text", TimeSpan.FromMilliseconds(1)));
        }));

    public void Dispose() => Holdings.Release(_one, _other);
}

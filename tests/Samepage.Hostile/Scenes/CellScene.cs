using Samepage.Channels;
using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class CellScene : IScene
{
    private readonly Cell _cell;

    public CellScene(string name)
    {
        _cell = Cell.Create(name, new CellOptions { Capacity = 5000, MaxReaders = 3, MaxWriters = 3 });
        Actors =
        [
            new(new("cell: write", r => _cell.Write(Message(r, _cell.Capacity))),
                new("cell: update", r => _cell.Update(r, static (latest, random) =>
                {
                    Touch(latest);
                    return Message(random, 300);
                })),
                new("cell: inspect", _ => ChannelInspector.Find(name)),
                new("cell: open", r =>
                {
                    if (!Cell.TryOpen(name, out Cell? other))
                        return;
                    using (other)
                    {
                        Touch(other.ToArray());
                        other.Write(Message(r, Math.Min(other.Capacity, 1000)));
                    }
                })),
            new(new("cell: read", _ => Touch(_cell.ToArray())),
                new("cell: read into", _ =>
                {
                    Span<byte> room = stackalloc byte[5000];
                    if (_cell.TryRead(room, out int length))
                        Touch(room[..length]);
                }),
                new("cell: state", r => _ = _cell.Length + _cell.LastWriter + (long)_cell.ChangeNumber),
                new("cell: wait", r => _cell.WaitForChange(_cell.ChangeNumber, Short(r))),
                new("cell: wait asynchronously", r => _cell.WaitForChangeAsync(_cell.ChangeNumber, Short(r)).AsTask().GetAwaiter().GetResult())),
        ];
    }

    public IReadOnlyList<Actor> Actors { get; }

    public void Dispose() => _cell.Dispose();
}

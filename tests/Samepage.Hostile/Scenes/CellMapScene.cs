using Samepage.Channels;
using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class CellMapScene : IScene
{
    private readonly CellMap _map;

    public CellMapScene(string name)
    {
        _map = CellMap.Create(name, new CellMapOptions { ValueCapacity = 500, MaxKeys = 8, MaxReaders = 3, MaxWriters = 3 });
        Operation[] operations =
        [
            new("cell map: write", r => _map.GetOrAdd(Key(r)).TryWrite(Message(r, _map.ValueCapacity))),
            new("cell map: read", r =>
            {
                if (_map.TryGet(Key(r), out CellMapEntry? entry))
                    Touch(entry.ToArray());
            }),
            new("cell map: update", r =>
            {
                if (_map.TryGet(Key(r), out CellMapEntry? entry))
                    _ = entry.TryUpdate(r, static (latest, random) => Message(random, 300));
            }),
            new("cell map: remove", r => _map.Remove(Key(r))),
            new("cell map: keys", r => _ = _map.Keys),
            new("cell map: wait", r =>
            {
                if (_map.TryGet(Key(r), out CellMapEntry? entry))
                    _ = entry.WaitForChange(entry.ChangeNumber, Short(r));
            }),
            new("cell map: inspect", _ => ChannelInspector.Find(name)),
            new("cell map: open", r =>
            {
                if (!CellMap.TryOpen(name, out CellMap? other))
                    return;
                using (other)
                    _ = other.GetOrAdd(Key(r)).TryWrite(new byte[10]);
            }),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    private static string Key(Random random) => "key" + (char)('a' + random.Next(12));

    public void Dispose() => _map.Dispose();
}

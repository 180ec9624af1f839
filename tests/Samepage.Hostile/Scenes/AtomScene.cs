using Samepage.Channels;

namespace Samepage.Hostile.Scenes;

internal sealed class AtomScene : IScene
{
    private readonly AtomTable _table;

    public AtomScene(string name)
    {
        _table = AtomTable.CreateOrOpen(name, 65536);
        Operation[] operations =
        [
            new("atoms: add", r => _table.Add(Name(r))),
            new("atoms: find", r => _table.TryFind(Name(r), out _)),
            new("atoms: name", r => _table.TryGetName((ushort)(0xC000 + r.Next(20)), out _)),
            new("atoms: delete", r => _table.Delete((ushort)(0xC000 + r.Next(20)))),
            new("atoms: another", r =>
            {
                using var other = AtomTable.CreateOrOpen(name, 65536);
                _ = other.Add(Name(r));
            }),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    private static string Name(Random random) => new('n', random.Next(1, 20));

    public void Dispose() => _table.Dispose();
}

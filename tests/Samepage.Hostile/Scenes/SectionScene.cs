using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class SectionScene : IScene
{
    private const int Size = 1 << 20;
    private readonly SharedMemory _section;
    private readonly MemoryView _view;

    public SectionScene(string name, bool reserve)
    {
        _section = SharedMemory.Create(name, Size, new SharedMemoryOptions { Reserve = reserve, InitialCommit = reserve ? 65536 : 0 });
        _view = _section.Map();
        Operation[] operations =
        [
            new("section: commit", r => _section.Commit(r.Next(1, Size))),
            new("section: read", _ => Touch(_view.ReadOnlySpan)),
            new("section: query", r => _view.Query(r.Next(Size))),
            new("section: committed", r => _ = _view.CommittedLength + _section.CommittedSize + _section.Size),
            new("section: map", r =>
            {
                int offset = r.Next(Size);
                using MemoryView view = _section.Map(offset, r.Next(1, Size - offset + 1));
                Touch(view.ReadOnlySpan);
            }),
            new("section: map mirrored", r =>
            {
                using MemoryView view = _section.MapMirrored(0, 65536);
                Touch(view.ReadOnlySpan);
            }),
            new("section: write", r => _view.GetSpan(r.Next(65000), r.Next(500)).Fill(7)),
            new("section: stream", _ =>
            {
                using Stream stream = _view.AsStream();
                Span<byte> bytes = stackalloc byte[512];
                while (stream.Read(bytes) > 0) { }
            }),
            new("section: info", r => _ = _section.Info),
            new("section: join", _ => _section.Join().Dispose()),
            new("section: participants", _ => _section.Participants()),
            new("section: another handle", r =>
            {
                if (!SharedMemory.TryOpen(name, out SharedMemory? other, (MemoryAccess)r.Next(3)))
                    return;
                using (other)
                {
                    using MemoryView view = other.Map();
                    Touch(view.ReadOnlySpan);
                }
            }),
            new("section: lent", _ =>
            {
                using LentHandle lent = _section.Offer();
                using SharedMemory taken = SharedMemory.OpenHandle(lent.Text);
                using MemoryView view = taken.Map();
                Touch(view.ReadOnlySpan);
            }),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    public void Dispose() => Holdings.Release(_view, _section);
}

using System.Globalization;
using Samepage.Channels;

namespace Samepage.Hostile.Scenes;

/// <summary>Objects of every kind are made, opened and closed under a few names, for whose files somebody else is playing.</summary>
internal sealed class FilesScene : IScene
{
    public const int Names = 6;
    private readonly List<IDisposable?> _held = [];

    public FilesScene(string name)
    {
        for (int i = 0; i < Names; i++)
            _held.Add(Make(NameOf(name, i), i));
        Operation[] operations =
        [
            new("files: make", r => Make(NameOf(name, r.Next(Names)), r.Next(12)).Dispose()),
            new("files: make", r => Make(NameOf(name, r.Next(Names)), r.Next(12)).Dispose()),
            new("files: open", r => Open(NameOf(name, r.Next(Names)), r.Next(12))?.Dispose()),
            new("files: open", r => Open(NameOf(name, r.Next(Names)), r.Next(12))?.Dispose()),
            new("files: exists", r => _ = SharedMemory.Exists(NameOf(name, r.Next(Names))) | SharedEvent.Exists(NameOf(name, r.Next(Names)))),
            new("files: find", r => SharedObjects.Find(NameOf(name, r.Next(Names)), withHolders: r.Next(2) == 0)),
            new("files: channel", r => ChannelInspector.Find(NameOf(name, r.Next(Names)))),
            new("files: peek", r => ChannelInspector.Peek(NameOf(name, r.Next(Names)), 3, 10)),
            new("files: list", r => SharedObjects.List(withHolders: r.Next(2) == 0)),
            new("files: remove orphans", _ => SharedObjects.RemoveOrphans()),
            new("files: diagnose", _ => SharedObjects.Diagnose()),
            new("files: take part", r =>
            {
                using var one = SharedEvent.CreateOrOpen(NameOf(name, r.Next(Names)), EventResetMode.AutoReset);
                using SharedMembership membership = one.Join();
                _ = one.Participants();
            }),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    public static string NameOf(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}.{index}");

    private static IDisposable Make(string name, int kind) => kind switch
    {
        0 => SharedMemory.CreateOrOpen(name, 70_000),
        1 => SharedMutex.CreateOrOpen(name),
        2 => Topic.CreateOrOpen(name, new TopicOptions { Capacity = 65536 }),
        3 => Queue.CreateOrOpen(name, new QueueOptions { Capacity = 65536 }),
        4 => Cell.CreateOrOpen(name, new CellOptions { Capacity = 100 }),
        5 => SharedReaderWriterLock.CreateOrOpen(name),
        6 => SharedEvent.CreateOrOpen(name, EventResetMode.ManualReset),
        7 => SharedSemaphore.CreateOrOpen(name, 1, 3),
        8 => SharedLock.CreateOrOpen(name),
        9 => CellMap.CreateOrOpen(name),
        10 => Service.CreateOrOpen(name),
        _ => PipeListener.Create(name),
    };

    private static IDisposable? Open(string name, int kind)
    {
        switch (kind)
        {
            case 0:
                return Mapped(name);
            case 1:
                return SharedMutex.TryOpen(name, out SharedMutex? mutex) ? mutex : null;
            case 2:
                return Topic.TryOpen(name, out Topic? topic) ? topic : null;
            case 3:
                return Queue.TryOpen(name, out Queue? queue) ? queue : null;
            case 4:
                return Cell.TryOpen(name, out Cell? cell) ? cell : null;
            case 5:
                return SharedReaderWriterLock.TryOpen(name, out SharedReaderWriterLock? readerWriter) ? readerWriter : null;
            case 6:
                return SharedEvent.TryOpen(name, out SharedEvent? signal) ? signal : null;
            case 7:
                return SharedSemaphore.TryOpen(name, out SharedSemaphore? semaphore) ? semaphore : null;
            case 8:
                return SharedLock.TryOpen(name, out SharedLock? one) ? one : null;
            case 9:
                return CellMap.TryOpen(name, out CellMap? map) ? map : null;
            case 10:
                return Service.TryOpen(name, out Service? service) ? service : null;
            default:
                return PipeConnection.Connect(name, TimeSpan.FromMilliseconds(1));
        }
    }

    private static SharedMemory? Mapped(string name)
    {
        if (!SharedMemory.TryOpen(name, out SharedMemory? section))
            return null;
        using MemoryView view = section.Map();
        Waits.Touch(view.ReadOnlySpan);
        return section;
    }

    public void Dispose() => Holdings.Release([.. _held]);
}

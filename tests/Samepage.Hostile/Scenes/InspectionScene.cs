using Samepage.Channels;

namespace Samepage.Hostile.Scenes;

/// <summary>Looking at objects of every kind while they change, and removing what nobody holds.</summary>
internal sealed class InspectionScene : IScene
{
    private readonly List<IDisposable> _objects;

    public InspectionScene(string name)
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"{name}.{i}")];
        var queue = Queue.Create(names[6], new QueueOptions { Capacity = 65536, MaxSenders = 2, MaxReceivers = 2 });
        QueueSender sender = queue.CreateSender();
        var topic = Topic.Create(names[7], new TopicOptions { Capacity = 65536, MaxPublishers = 2, MaxSubscribers = 2 });
        TopicPublisher publisher = topic.CreatePublisher();
        var cell = Cell.Create(names[8], new CellOptions { Capacity = 1000 });
        for (int i = 0; i < 10; i++)
        {
            _ = sender.TrySend(new byte[i * 30]);
            _ = publisher.TryPublish(new byte[i * 20]);
            cell.Write(new byte[i * 10]);
        }
        _objects =
        [
            SharedMemory.Create(names[0], 70_000), SharedMutex.Create(names[1], initiallyOwned: true), SharedLock.Create(names[2]),
            SharedEvent.Create(names[3], EventResetMode.ManualReset), SharedSemaphore.Create(names[4], 1, 5), SharedReaderWriterLock.Create(names[5]),
            sender, publisher, cell, queue, topic, CellMap.Create(names[9]),
        ];
        Operation[] operations =
        [
            new("list", r => SharedObjects.List(withHolders: r.Next(2) == 0)),
            new("find", r => SharedObjects.Find(names[r.Next(names.Length)], withHolders: r.Next(2) == 0)),
            new("find orphans", _ => SharedObjects.FindOrphans()),
            new("remove orphans", _ => SharedObjects.RemoveOrphans()),
            new("diagnose", _ => SharedObjects.Diagnose()),
            new("channel", r => ChannelInspector.Find(names[r.Next(names.Length)])),
            new("peek", r => ChannelInspector.Peek(names[r.Next(names.Length)], r.Next(1, 20), 50)),
            new("exists", r => _ = SharedMutex.Exists(names[1]) | Queue.Exists(names[6])),
            new("lock", r => SharedLock.Create(name + "x").Dispose()),
        ];
        Actors = [new(operations), new(operations)];
    }

    public IReadOnlyList<Actor> Actors { get; }

    public void Dispose() => Holdings.Release([.. _objects]);
}

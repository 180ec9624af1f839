using Samepage.Channels;
using Samepage.Torture.Kinds;

namespace Samepage.Torture.Linear;

internal static class LinearKinds
{
    public static IReadOnlyList<Kind> List { get; } =
    [
        new LinearKind<long>("cell", new RegisterModel(), name => Cell<long>.Create(name), (name, work, round, _) => new RegisterPlayer(name, work, round)),
        new LinearKind<int>("semaphore", new SemaphoreModel(SemaphorePlayer.Initial, SemaphorePlayer.Maximum),
            name => SharedSemaphore.Create(name, SemaphorePlayer.Initial, SemaphorePlayer.Maximum), (name, work, round, _) => new SemaphorePlayer(name, work, round)),
        new LinearKind<bool>("event", new AutoEventModel(), name => SharedEvent.Create(name, EventResetMode.AutoReset), (name, work, round, _) => new EventPlayer(name, work, round)),
        new LinearKind<MutexModel.State>("mutex", new MutexModel(), name => SharedMutex.Create(name), (name, work, round, _) => new MutexPlayer(name, work, round)),
        new LinearKind<string>("queue", new FifoModel(), name => Queue.Create(name, new QueueOptions { Capacity = 64 << 10 }),
            (name, work, round, arrival) => new FifoPlayer(name, work, round) { Sends = arrival == 0 }),
    ];
}

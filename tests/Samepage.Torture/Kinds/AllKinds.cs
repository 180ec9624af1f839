using Samepage.Torture.Linear;

namespace Samepage.Torture.Kinds;

internal static class AllKinds
{
    public static IReadOnlyList<Kind> List { get; } =
    [
        new LifetimeKind(),
        LockKind.Mutex,
        LockKind.Flow,
        new ReaderWriterKind(),
        new EventKind(),
        new SemaphoreKind(),
        new SeveralKind(),
        new TetherKind(),
        new TopicKind(drops: false),
        new TopicKind(drops: true),
        new QueueKind(leases: false),
        new QueueKind(leases: true),
        new MailboxKind(),
        new PipeKind(),
        new BytePipeKind(),
        new CellKind(),
        new CellMapKind(),
        new ServiceKind(),
        .. LinearKinds.List,
    ];

    public static Kind Named(string name) => List.Single(k => k.Name == name);
}

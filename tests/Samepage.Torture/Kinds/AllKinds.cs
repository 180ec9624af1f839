namespace Samepage.Torture.Kinds;

internal static class AllKinds
{
    public static IReadOnlyList<Kind> List { get; } =
    [
        LockKind.Mutex,
        new SemaphoreKind(),
        new TopicKind(),
        new QueueKind(leases: false),
        new QueueKind(leases: true),
    ];

    public static Kind Named(string name) => List.Single(k => k.Name == name);
}

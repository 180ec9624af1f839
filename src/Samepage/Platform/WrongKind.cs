namespace Samepage.Platform;

/// <summary>All kinds share one namespace (W07): the refusal when a name belongs to another kind.</summary>
internal static class WrongKind
{
    public static SharedObjectException Of(ObjectName name, SharedObjectKind found, SharedObjectKind wanted) => new(
        FailureReason.WrongKind,
        $"\"{name}\" is the name of {Article(found)} and cannot be opened as {Article(wanted)}: sections, mutexes, events and semaphores share one namespace. Give each its own name.",
        name.Full, wanted);

    public static string Article(SharedObjectKind kind) => kind switch
    {
        SharedObjectKind.Section => "a section",
        SharedObjectKind.Mutex => "a mutex",
        SharedObjectKind.Event => "an event",
        _ => "a semaphore",
    };
}

namespace Samepage.Cli.Output;

/// <summary>What <c>watch</c> can see. The names are part of the tool's interface: <c>--json</c> prints them.</summary>
internal enum ObjectEventKind
{
    /// <summary>The first look found nothing.</summary>
    Absent,

    /// <summary>The first look found it.</summary>
    Present,
    Created,
    Removed,

    /// <summary>A process holds a section that did not before.</summary>
    Joined,
    Left,
    Taken,
    Released,
    Abandoned,
    Set,
    Reset,

    /// <summary>A semaphore has more or fewer permits.</summary>
    Count,

    /// <summary>More or fewer sleep on it.</summary>
    Waiters,
}

/// <summary>One thing that two looks at an object differ in.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Object">The object afterwards, or as it was last; null when there never was one.</param>
internal sealed record ObjectEvent(ObjectEventKind Kind, SharedObjectInfo? Object)
{
    public DateTimeOffset Time { get; } = DateTimeOffset.UtcNow;

    /// <summary>Who joined, left, took or made it; the program may be unknown.</summary>
    public SharedObjectHolder? Process { get; init; }

    /// <summary>The permits or the waiters before and now.</summary>
    public (int Before, int Now)? Change { get; init; }

    /// <summary>Says how things stood when the watch began.</summary>
    public bool IsBeginning => Kind is ObjectEventKind.Absent or ObjectEventKind.Present;
}

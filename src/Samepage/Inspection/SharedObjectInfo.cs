namespace Samepage;

/// <summary>What an object says of itself (W21), readable by anyone who may open it.</summary>
/// <remarks>A snapshot: nothing in it is evidence that a process still lives.</remarks>
public sealed record SharedObjectInfo
{
    /// <summary>The name, with the prefix <c>Global\</c> where it has one; null for an anonymous object.</summary>
    public required string? Name { get; init; }

    /// <summary>What it is.</summary>
    public required SharedObjectKind Kind { get; init; }

    /// <summary>Who shares the name.</summary>
    public required SharedObjectScope Scope { get; init; }

    /// <summary>Size in bytes of a section, exactly as it was asked for; 0 for other kinds.</summary>
    public required long Size { get; init; }

    /// <summary>How many bytes of a section have memory behind them; equal to <see cref="Size"/> unless it was reserved.</summary>
    public long CommittedSize { get; init; }

    /// <summary>The most that a view of the section may do.</summary>
    public MemoryAccess Protection { get; init; } = MemoryAccess.ReadWrite;

    /// <summary>The disk file that a section lies over, or null.</summary>
    public string? BackingFile { get; init; }

    /// <summary>When the object was made (UTC).</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The process that made it. The number may long be another process's: it is for people.</summary>
    public int CreatorProcessId { get; init; }

    /// <summary>The program that made it.</summary>
    public string CreatorProgram { get; init; } = "";

    /// <summary>Bytes of physical memory in use, headers included.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>The processes that have it open, as far as this user may see them; null when they were not asked for.</summary>
    public IReadOnlyList<SharedObjectHolder>? Holders { get; init; }

    /// <summary>What a mutex, event or semaphore is doing; null for a section.</summary>
    public SharedObjectState? State { get; init; }
}

namespace Samepage;

/// <summary>How a section is made. The defaults are those of Windows: read-write, committed, for this user only.</summary>
public sealed record SharedMemoryOptions
{
    /// <summary>The most that any view of the section may do (W10, W11). Default: <see cref="MemoryAccess.ReadWrite"/>.</summary>
    public MemoryAccess Protection { get; init; } = MemoryAccess.ReadWrite;

    /// <summary>
    /// False (default): all of the section's memory is there when the creating call returns. True: only address space is reserved;
    /// <see cref="SharedMemory.Commit"/> makes memory of it as it is needed, at addresses that never move (W12).
    /// </summary>
    public bool Reserve { get; init; }

    /// <summary>With <see cref="Reserve"/>: how many bytes are committed from the start. Default 0.</summary>
    public long InitialCommit { get; init; }

    /// <summary>Who may open the section by its name (W20). Default: <see cref="SharedAccess.User"/>.</summary>
    public SharedAccess Access { get; init; } = SharedAccess.User;

    /// <summary>Ask for large pages. A wish: where the system has none, ordinary pages serve.</summary>
    public bool LargePages { get; init; }
}

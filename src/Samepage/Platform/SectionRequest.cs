using Microsoft.Win32.SafeHandles;

namespace Samepage.Platform;

/// <summary>What a section is made of; checked by the caller for all that does not depend on the system.</summary>
internal readonly record struct SectionRequest(
    long Size,
    SharedMemoryOptions Options,
    string? FilePath = null,
    SafeFileHandle? File = null)
{
    /// <summary>What its memory will be.</summary>
    public SharedObjectKind Kind { get; init; } = SharedObjectKind.Section;

    public bool IsOverFile => FilePath is not null || File is not null;
}

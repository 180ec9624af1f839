using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>The system's bits for an access, and back (W10, W11).</summary>
internal static class ProtectionBits
{
    /// <summary>PAGE_…: of a section, or of pages.</summary>
    public static uint Page(MemoryAccess access) => access switch
    {
        MemoryAccess.Read => Win32.PageReadOnly,
        MemoryAccess.ReadWrite => Win32.PageReadWrite,
        MemoryAccess.CopyOnWrite => Win32.PageWriteCopy,
        MemoryAccess.ReadExecute => Win32.PageExecuteRead,
        MemoryAccess.ReadWriteExecute => Win32.PageExecuteReadWrite,
        _ => Win32.PageExecuteWriteCopy,
    };

    /// <summary>FILE_MAP_…: of a view.</summary>
    public static uint View(MemoryAccess access) =>
        (access.IsPrivate() ? Win32.MapCopy : Win32.MapRead | (access.WritesThrough() ? Win32.MapWrite : 0))
        | (access.Executes() ? Win32.MapExecute : 0);

    /// <summary>SECTION_…: what a handle needs for such views, and to be asked for its size.</summary>
    public static uint Handle(MemoryAccess access) =>
        Win32.SectionQuery | Win32.MapRead | (access.WritesThrough() ? Win32.MapWrite : 0) | (access.Executes() ? Win32.SectionMapExecute : 0);

    /// <summary>What may be done with pages of this protection in a view; null: nothing.</summary>
    /// <remarks>Pages of a private view that were copied are plain read-write pages to the system.</remarks>
    public static MemoryAccess? Access(uint page, bool isPrivate)
    {
        if ((page & Win32.PageGuard) != 0)
            return null;
        return (page & Win32.PageMask) switch
        {
            Win32.PageReadOnly => MemoryAccess.Read,
            Win32.PageReadWrite => isPrivate ? MemoryAccess.CopyOnWrite : MemoryAccess.ReadWrite,
            Win32.PageWriteCopy => MemoryAccess.CopyOnWrite,
            Win32.PageExecuteRead => MemoryAccess.ReadExecute,
            Win32.PageExecuteReadWrite => isPrivate ? MemoryAccess.CopyOnWriteExecute : MemoryAccess.ReadWriteExecute,
            Win32.PageExecuteWriteCopy => MemoryAccess.CopyOnWriteExecute,
            _ => null,
        };
    }
}

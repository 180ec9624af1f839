using System.Runtime.InteropServices;

namespace Samepage.Platform.Windows.Interop;

/// <summary>
/// Signatures of ntdll, each once: the questions that the Win32 interface has no function for. All of them have kept their form since
/// Windows 2000 and are described in Microsoft's own headers (winternl.h, ntifs.h) or in the documentation of the kernel.
/// </summary>
internal static unsafe partial class Ntdll
{
    private const string Library = "ntdll";

    [LibraryImport(Library, EntryPoint = "RtlNtStatusToDosError")]
    public static partial int RtlNtStatusToDosError(int status);

    [LibraryImport(Library, EntryPoint = "NtQuerySection")]
    public static partial int QuerySection(KernelHandle section, int kind, SectionBasicInformation* information, nuint length, nuint* returned);

    [LibraryImport(Library, EntryPoint = "NtQueryMutant")]
    public static partial int QueryMutant(KernelHandle mutant, int kind, void* information, uint length, uint* returned);

    [LibraryImport(Library, EntryPoint = "NtQueryEvent")]
    public static partial int QueryEvent(KernelHandle signal, int kind, EventBasicInformation* information, uint length, uint* returned);

    [LibraryImport(Library, EntryPoint = "NtQuerySemaphore")]
    public static partial int QuerySemaphore(KernelHandle semaphore, int kind, SemaphoreBasicInformation* information, uint length, uint* returned);

    [LibraryImport(Library, EntryPoint = "NtOpenDirectoryObject")]
    public static partial int OpenDirectoryObject(nint* handle, uint access, ObjectAttributes* attributes);

    [LibraryImport(Library, EntryPoint = "NtQueryDirectoryObject")]
    public static partial int QueryDirectoryObject(
        KernelHandle directory, void* buffer, uint length, byte single, byte restart, uint* context, uint* returned);
}

using System.Runtime.InteropServices;

namespace Samepage.Platform.Windows.Interop;

/// <summary>Signatures of kernel32 and advapi32, each once. What the numbers mean stands in <see cref="Win32"/>.</summary>
internal static unsafe partial class Kernel32
{
    private const string Library = "kernel32";
    private const string Security = "advapi32";

    [LibraryImport(Library, EntryPoint = "CloseHandle", SetLastError = true)]
    public static partial int CloseHandle(nint handle);

    [LibraryImport(Library, EntryPoint = "DuplicateHandle", SetLastError = true)]
    public static partial int DuplicateHandle(
        nint sourceProcess, nint source, nint targetProcess, nint* target, uint access, int inherit, uint options);

    [LibraryImport(Library, EntryPoint = "OpenProcess", SetLastError = true)]
    public static partial KernelHandle OpenProcess(uint access, int inherit, int processId);

    [LibraryImport(Library, EntryPoint = "GetCurrentThreadId")]
    public static partial int GetCurrentThreadId();

    [LibraryImport(Library, EntryPoint = "ProcessIdToSessionId", SetLastError = true)]
    public static partial int ProcessIdToSessionId(int processId, uint* session);

    [LibraryImport(Library, EntryPoint = "CreateFileW", SetLastError = true)]
    public static partial KernelHandle CreateFile(
        char* path, uint access, uint share, SecurityAttributes* security, uint disposition, uint flags, nint template);

    [LibraryImport(Library, EntryPoint = "GetFileType", SetLastError = true)]
    public static partial uint GetFileType(KernelHandle file);

    [LibraryImport(Library, EntryPoint = "GetFileSizeEx", SetLastError = true)]
    public static partial int GetFileSize(KernelHandle file, long* size);

    [LibraryImport(Library, EntryPoint = "GetFinalPathNameByHandleW", SetLastError = true)]
    public static partial uint GetFinalPathName(KernelHandle file, char* path, uint capacity, uint flags);

    [LibraryImport(Library, EntryPoint = "DeviceIoControl", SetLastError = true)]
    public static partial int DeviceIoControl(
        KernelHandle device, uint code, void* input, uint inputLength, void* output, uint outputLength, uint* returned, nint overlapped);

    [LibraryImport(Library, EntryPoint = "FlushFileBuffers", SetLastError = true)]
    public static partial int FlushFileBuffers(KernelHandle file);

    [LibraryImport(Library, EntryPoint = "CreateFileMappingW", SetLastError = true)]
    public static partial KernelHandle CreateFileMapping(
        nint file, SecurityAttributes* security, uint protection, uint sizeHigh, uint sizeLow, char* name);

    [LibraryImport(Library, EntryPoint = "OpenFileMappingW", SetLastError = true)]
    public static partial KernelHandle OpenFileMapping(uint access, int inherit, char* name);

    [LibraryImport(Library, EntryPoint = "MapViewOfFileEx", SetLastError = true)]
    public static partial nint MapViewOfFile(nint section, uint access, uint offsetHigh, uint offsetLow, nuint length, nint address);

    [LibraryImport(Library, EntryPoint = "UnmapViewOfFile", SetLastError = true)]
    public static partial int UnmapViewOfFile(nint address);

    [LibraryImport(Library, EntryPoint = "FlushViewOfFile", SetLastError = true)]
    public static partial int FlushViewOfFile(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "K32GetMappedFileNameW", SetLastError = true)]
    public static partial uint GetMappedFileName(nint process, nint address, char* path, uint capacity);

    [LibraryImport(Library, EntryPoint = "K32QueryWorkingSetEx", SetLastError = true)]
    public static partial int QueryWorkingSet(nint process, WorkingSetPage* pages, uint bytes);

    [LibraryImport(Library, EntryPoint = "VirtualAlloc", SetLastError = true)]
    public static partial nint VirtualAlloc(nint address, nuint length, uint kind, uint protection);

    [LibraryImport(Library, EntryPoint = "VirtualFree", SetLastError = true)]
    public static partial int VirtualFree(nint address, nuint length, uint kind);

    [LibraryImport(Library, EntryPoint = "VirtualProtect", SetLastError = true)]
    public static partial int VirtualProtect(nint address, nuint length, uint protection, uint* before);

    [LibraryImport(Library, EntryPoint = "VirtualQuery", SetLastError = true)]
    public static partial nuint VirtualQuery(nint address, MemoryBasicInformation* information, nuint length);

    [LibraryImport(Library, EntryPoint = "VirtualLock", SetLastError = true)]
    public static partial int VirtualLock(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "VirtualUnlock", SetLastError = true)]
    public static partial int VirtualUnlock(nint address, nuint length);

    /// <summary>Since Windows 8.</summary>
    [LibraryImport(Library, EntryPoint = "PrefetchVirtualMemory", SetLastError = true)]
    public static partial int PrefetchVirtualMemory(nint process, nuint ranges, MemoryRange* range, uint flags);

    [LibraryImport(Library, EntryPoint = "GlobalMemoryStatusEx", SetLastError = true)]
    public static partial int GlobalMemoryStatus(MemoryStatus* status);

    [LibraryImport(Library, EntryPoint = "GetProcessWorkingSetSize", SetLastError = true)]
    public static partial int GetProcessWorkingSetSize(nint process, nuint* least, nuint* most);

    [LibraryImport(Library, EntryPoint = "CreateMutexExW", SetLastError = true)]
    public static partial KernelHandle CreateMutex(SecurityAttributes* security, char* name, uint flags, uint access);

    [LibraryImport(Library, EntryPoint = "OpenMutexW", SetLastError = true)]
    public static partial KernelHandle OpenMutex(uint access, int inherit, char* name);

    [LibraryImport(Library, EntryPoint = "ReleaseMutex", SetLastError = true)]
    public static partial int ReleaseMutex(KernelHandle mutex);

    [LibraryImport(Library, EntryPoint = "CreateEventExW", SetLastError = true)]
    public static partial KernelHandle CreateEvent(SecurityAttributes* security, char* name, uint flags, uint access);

    [LibraryImport(Library, EntryPoint = "OpenEventW", SetLastError = true)]
    public static partial KernelHandle OpenEvent(uint access, int inherit, char* name);

    [LibraryImport(Library, EntryPoint = "SetEvent", SetLastError = true)]
    public static partial int SetEvent(KernelHandle signal);

    [LibraryImport(Library, EntryPoint = "ResetEvent", SetLastError = true)]
    public static partial int ResetEvent(KernelHandle signal);

    [LibraryImport(Library, EntryPoint = "CreateSemaphoreExW", SetLastError = true)]
    public static partial KernelHandle CreateSemaphore(
        SecurityAttributes* security, int initial, int maximum, char* name, uint flags, uint access);

    [LibraryImport(Library, EntryPoint = "OpenSemaphoreW", SetLastError = true)]
    public static partial KernelHandle OpenSemaphore(uint access, int inherit, char* name);

    [LibraryImport(Library, EntryPoint = "ReleaseSemaphore", SetLastError = true)]
    public static partial int ReleaseSemaphore(KernelHandle semaphore, int count, int* before);

    [LibraryImport(Library, EntryPoint = "WaitForMultipleObjectsEx", SetLastError = true)]
    public static partial uint WaitForMultipleObjects(uint count, nint* handles, int all, uint milliseconds, int alertable);

    [LibraryImport(Library, EntryPoint = "QueueUserAPC", SetLastError = true)]
    public static partial uint QueueUserApc(delegate* unmanaged<nuint, void> function, KernelHandle thread, nuint argument);

    [LibraryImport(Library, EntryPoint = "SleepEx")]
    public static partial uint SleepEx(uint milliseconds, int alertable);

    [LibraryImport(Security, EntryPoint = "OpenProcessToken", SetLastError = true)]
    public static partial int OpenProcessToken(nint process, uint access, nint* token);

    [LibraryImport(Security, EntryPoint = "GetTokenInformation", SetLastError = true)]
    public static partial int GetTokenInformation(KernelHandle token, int kind, void* information, uint length, uint* needed);

    [LibraryImport(Security, EntryPoint = "GetLengthSid")]
    public static partial uint GetLengthSid(byte* sid);

    [LibraryImport(Security, EntryPoint = "LookupPrivilegeValueW", SetLastError = true)]
    public static partial int LookupPrivilegeValue(char* system, char* name, long* value);
}

using System.Globalization;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>Looks at everything that matters to shared objects on this machine, and says what to do where it is not as it should be.</summary>
internal static unsafe class WindowsDiagnosis
{
    private const ulong LittleMemory = 256UL << 20;

    public static IReadOnlyList<Finding> Run() =>
    [
        new Finding("system", FindingSeverity.Fine, Environment.OSVersion.VersionString, null),
        Scope(SharedObjectScope.Local),
        Scope(SharedObjectScope.Global),
        GlobalSections(),
        Memory(),
        Pinned(),
        Processors(),
    ];

    private static Finding Scope(SharedObjectScope scope)
    {
        string subject = $"names of the {(scope == SharedObjectScope.Global ? "machine" : "session")}";
        try
        {
            using KernelHandle directory = ObjectNamespace.Open(scope);
            string path = ObjectNamespace.DirectoryOf(scope);
            return scope == SharedObjectScope.Local && ThisProcess.Session == 0
                ? new Finding(subject, FindingSeverity.Warning, $@"{path}: in session 0, where services run, a bare name and one with Global\ are the same object", null)
                : new Finding(subject, FindingSeverity.Fine, path, null);
        }
        catch (SharedObjectException e)
        {
            return new Finding(subject, FindingSeverity.Problem, e.Message, "Run outside of what confines this process (an app container, a low integrity level).");
        }
    }

    private static Finding GlobalSections()
    {
        const string Subject = "making global sections";
        return ThisProcess.Session == 0 || HasPrivilege("SeCreateGlobalPrivilege")
            ? new Finding(Subject, FindingSeverity.Fine, "allowed", null)
            : new Finding(Subject, FindingSeverity.Warning, "not allowed to this account (SeCreateGlobalPrivilege)",
                @"Let a service or an administrator make sections with the prefix Global\; opening them is allowed.");
    }

    private static Finding Memory()
    {
        var status = new MemoryStatus { Length = (uint)sizeof(MemoryStatus) };
        if (Kernel32.GlobalMemoryStatus(&status) == 0)
            return new Finding("memory", FindingSeverity.Warning, $"cannot be asked (error {WindowsErrors.Last})", null);
        string seen = string.Create(CultureInfo.InvariantCulture,
            $"{status.AvailableCommit >> 20:N0} MiB of {status.TotalCommit >> 20:N0} MiB can still be committed");
        return status.AvailableCommit < LittleMemory
            ? new Finding("memory", FindingSeverity.Problem, seen, "End what needs much, or enlarge the paging file.")
            : new Finding("memory", FindingSeverity.Fine, seen, null);
    }

    private static Finding Pinned()
    {
        nuint least, most;
        return Kernel32.GetProcessWorkingSetSize(Win32.CurrentProcess, &least, &most) == 0
            ? new Finding("pinned memory", FindingSeverity.Warning, $"cannot be asked (error {WindowsErrors.Last})", null)
            : new Finding("pinned memory", FindingSeverity.Fine,
                string.Create(CultureInfo.InvariantCulture, $"this process may pin about {least >> 10:N0} KiB, its least working set"), null);
    }

    private static Finding Processors() => Environment.ProcessorCount > 1
        ? new Finding("processors", FindingSeverity.Fine, $"{Environment.ProcessorCount} for this process", null)
        : new Finding("processors", FindingSeverity.Warning, "one for this process",
            "Where the process is pinned on purpose and others run elsewhere, set DOTNET_PROCESSOR_COUNT.");

    private static bool HasPrivilege(string name)
    {
        long wanted;
        fixed (char* p = name)
        {
            if (Kernel32.LookupPrivilegeValue(null, p, &wanted) == 0)
                return false;
        }
        using KernelHandle token = ObjectSecurity.OpenToken();
        const int Room = 2048;
        byte* buffer = stackalloc byte[Room];
        uint needed;
        if (Kernel32.GetTokenInformation(token, Win32.TokenPrivileges, buffer, Room, &needed) == 0)
            return false;
        // SAFETY: a count, and as many entries behind it; the system has written both.
        uint count = *(uint*)buffer;
        var entries = (TokenPrivilege*)(buffer + sizeof(uint));
        for (uint i = 0; i < count; i++)
        {
            if (((long)entries[i].High << 32 | entries[i].Low) == wanted)
                return true;
        }
        return false;
    }
}

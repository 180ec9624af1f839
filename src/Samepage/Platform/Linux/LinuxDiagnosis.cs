using System.Globalization;
using System.Text;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux;

/// <summary>Looks at everything that has to be right on this machine, and says what to do where it is not.</summary>
internal static unsafe class LinuxDiagnosis
{
    private const long ContainerDefault = 64L << 20;

    public static IReadOnlyList<Finding> Run() =>
    [
        Kernel(),
        .. Root(),
        Scope(SharedObjectScope.Local),
        Scope(SharedObjectScope.Global),
        RobustFutexes(),
        Limit("open files (ulimit -n)", 7, 1024, "Every handle is an open file: raise ulimit -n for programs with many objects."),
        Limit("file size (ulimit -f)", Native.LimitFileSize, 1UL << 30, "A section is a file: raise ulimit -f to make larger ones."),
        Limit("pinned memory (ulimit -l)", 8, 64 << 10, "Raise ulimit -l to pin views in physical memory."),
        Number("mappings per process (vm.max_map_count)", "/proc/sys/vm/max_map_count", 65530,
            "Every view is a mapping, every lock or signal two: raise vm.max_map_count for programs with very many."),
        LargePages(),
        Orphans(),
        Processors(),
    ];

    private static Finding Kernel() => new("kernel", FindingSeverity.Fine,
        $"{Environment.OSVersion.VersionString}; waits for several words at once: {(Futex.HasWaitV ? "yes (futex_waitv)" : "no, the fallback is in use")}", null);

    private static Finding[] Root()
    {
        string root = ScopeDirectory.Root;
        int descriptor;
        fixed (byte* path = Encoding.UTF8.GetBytes(root + '\0'))
            descriptor = LibC.OpenAt(Native.CurrentDirectory, path, Native.DirectoryOnly | Native.CloseOnExec, 0);
        if (descriptor < 0)
        {
            return
            [
                new Finding($"directory {root}", FindingSeverity.Problem, $"cannot be opened ({Errno.Name(LinuxErrors.Last)})",
                    $"Mount a tmpfs there, or name another directory in {ScopeDirectory.RootVariable}."),
            ];
        }
        try
        {
            return [Room(root, descriptor), NamelessFiles(root, descriptor), MountOf(root)];
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
    }

    private static Finding Room(string root, int descriptor)
    {
        FileSystemStatus room;
        if (LibC.FStatVfs(descriptor, &room) != 0)
            return new Finding($"room in {root}", FindingSeverity.Warning, $"cannot be asked ({Errno.Name(LinuxErrors.Last)})", null);
        string seen = string.Create(CultureInfo.InvariantCulture, $"{room.AvailableBytes >> 20:N0} MiB of {room.TotalBytes >> 20:N0} MiB are free");
        if (room.AvailableBytes < 4 << 20)
            return new Finding($"room in {root}", FindingSeverity.Problem, seen, "Remove what nobody needs (samepage clean), or remount it larger.");
        return room.TotalBytes <= ContainerDefault
            ? new Finding($"room in {root}", FindingSeverity.Warning, seen + "; this is the default of containers",
                "Start the container with --shm-size, or mount a larger tmpfs.")
            : new Finding($"room in {root}", FindingSeverity.Fine, seen, null);
    }

    private static Finding NamelessFiles(string root, int directory)
    {
        byte* here = stackalloc byte[] { (byte)'.', 0 };
        int descriptor = LibC.OpenAt(directory, here, Native.TemporaryFile | Native.ReadWrite | Native.CloseOnExec, 0x180);
        if (descriptor < 0)
        {
            return new Finding($"new files in {root}", FindingSeverity.Problem, $"O_TMPFILE fails ({Errno.Name(LinuxErrors.Last)})",
                $"Objects need a writable tmpfs, ext4, xfs or btrfs: name one in {ScopeDirectory.RootVariable}.");
        }
        try
        {
            bool locks = LifeLock.TryHoldAlone(descriptor);
            return locks
                ? new Finding($"new files in {root}", FindingSeverity.Fine, "files without a name and locks on open files work", null)
                : new Finding($"new files in {root}", FindingSeverity.Problem, $"F_OFD_SETLK fails ({Errno.Name(LinuxErrors.Last)})",
                    $"Locks on open files tell who is alive: name a local file system in {ScopeDirectory.RootVariable}.");
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
    }

    private static Finding MountOf(string root)
    {
        string[] best = File.ReadLines("/proc/self/mounts")
            .Select(line => line.Split(' '))
            .Where(f => f.Length > 3 && (root == f[1] || root.StartsWith(f[1].TrimEnd('/') + "/", StringComparison.Ordinal)))
            .MaxBy(f => f[1].Length) ?? ["", "/", "unknown", ""];
        string seen = $"{best[2]} mounted on {best[1]}";
        if (best[3].Split(',').Contains("noexec"))
        {
            return new Finding($"file system of {root}", FindingSeverity.Warning, seen + ", noexec",
                $"Views for execution are refused there; name another directory in {ScopeDirectory.RootVariable} if you need them.");
        }
        return best[2] is "tmpfs" or "hugetlbfs"
            ? new Finding($"file system of {root}", FindingSeverity.Fine, seen, null)
            : new Finding($"file system of {root}", FindingSeverity.Warning, seen + ": what is written reaches a disk, which costs time",
                "Mount a tmpfs there.");
    }

    private static Finding Scope(SharedObjectScope scope)
    {
        string path = ScopeDirectory.PathOf(scope);
        try
        {
            return ObjectDirectory.ToLookAt(scope) is null
                ? new Finding($"directory {path}", FindingSeverity.Fine, "not there yet; the first object makes it", null)
                : new Finding($"directory {path}", FindingSeverity.Fine, "there, with the right owner and mode", null);
        }
        catch (SharedObjectException e)
        {
            return new Finding($"directory {path}", FindingSeverity.Problem, e.Message, "Repair or remove it.");
        }
    }

    private static Finding RobustFutexes()
    {
        try
        {
            _ = RobustThread.Current;
            return new Finding("robust futexes", FindingSeverity.Fine, "the C library registered a list for this thread", null);
        }
        catch (SharedObjectException e)
        {
            return new Finding("robust futexes", FindingSeverity.Problem, e.Message, "Run on a distribution with glibc.");
        }
    }

    private static Finding Limit(string subject, int resource, ulong least, string remedy)
    {
        ResourceLimit limit;
        if (LibC.GetRLimit(resource, &limit) != 0)
            return new Finding(subject, FindingSeverity.Warning, $"cannot be asked ({Errno.Name(LinuxErrors.Last)})", null);
        string seen = limit.Current == ulong.MaxValue ? "unlimited" : limit.Current.ToString("N0", CultureInfo.InvariantCulture);
        return limit.Current < least
            ? new Finding(subject, FindingSeverity.Warning, seen, remedy)
            : new Finding(subject, FindingSeverity.Fine, seen, null);
    }

    private static Finding Number(string subject, string path, long least, string remedy)
    {
        if (!File.Exists(path) || !long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            return new Finding(subject, FindingSeverity.Warning, "not visible from here", null);
        string seen = value.ToString("N0", CultureInfo.InvariantCulture);
        return value < least
            ? new Finding(subject, FindingSeverity.Warning, seen, remedy)
            : new Finding(subject, FindingSeverity.Fine, seen, null);
    }

    private static Finding LargePages()
    {
        const string Setting = "/sys/kernel/mm/transparent_hugepage/shmem_enabled";
        if (!File.Exists(Setting))
            return new Finding("large pages", FindingSeverity.Fine, "the kernel has none; ordinary pages serve", null);
        string text = File.ReadAllText(Setting);
        int open = text.IndexOf('[', StringComparison.Ordinal);
        string chosen = text[(open + 1)..text.IndexOf(']', StringComparison.Ordinal)];
        return chosen is "never" or "deny"
            ? new Finding("large pages", FindingSeverity.Fine, $"off for shared memory ({chosen}); ordinary pages serve",
                $"To use them: echo advise > {Setting}, and ask for them when creating a section.")
            : new Finding("large pages", FindingSeverity.Fine, $"available to those who ask ({chosen})", null);
    }

    private static Finding Orphans()
    {
        try
        {
            IReadOnlyList<OrphanInfo> orphans = new LinuxInspector().Sweep(remove: false);
            return orphans.Count == 0
                ? new Finding("orphans", FindingSeverity.Fine, "none", null)
                : new Finding("orphans", FindingSeverity.Warning,
                    string.Create(CultureInfo.InvariantCulture, $"{orphans.Count} files, {orphans.Sum(o => o.Bytes) >> 10:N0} KiB"),
                    "samepage clean removes what the dead left behind.");
        }
        catch (SharedObjectException e)
        {
            return new Finding("orphans", FindingSeverity.Warning, e.Message, null);
        }
    }

    private static Finding Processors() => Environment.ProcessorCount > 1
        ? new Finding("processors", FindingSeverity.Fine, $"{Environment.ProcessorCount} for this process", null)
        : new Finding("processors", FindingSeverity.Warning, "one for this process: waits sleep at once instead of looking a moment longer",
            "Where the process is pinned on purpose and others run elsewhere, set DOTNET_PROCESSOR_COUNT.");
}

using System.Globalization;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>Memory that is really there: blocks of a file, reserved before anyone touches them.</summary>
internal static unsafe class FileSpace
{
    // A signal undoes the call it interrupts; in steps of this size some of them get through.
    private const long Step = 64 << 20;

    public static void Reserve(int descriptor, long offset, long length, string what, string? name) =>
        Reserve(descriptor, offset, length, what, name, LibC.PosixFAllocate, "posix_fallocate");

    /// <summary>
    /// As <see cref="Reserve(int, long, long, string, string)"/>, for what others may be writing to: where the file system cannot reserve, it is
    /// refused. The C library's own substitute for that reads a byte and writes it back.
    /// </summary>
    public static void ReserveInUse(int descriptor, long offset, long length, string what, string? name) =>
        Reserve(descriptor, offset, length, what, name, static (fd, from, count) => LibC.FAllocate(fd, 0, from, count) == 0 ? 0 : LinuxErrors.Last, "fallocate");

    private static void Reserve(
        int descriptor, long offset, long length, string what, string? name, Func<int, long, long, int> allocate, string call)
    {
        // Asked first where it is much: filling all there is, only to give it back, would starve everyone else meanwhile.
        FileSystemStatus room;
        bool much = length > Step;
        if (much && LibC.FStatVfs(descriptor, &room) == 0 && room.TotalBytes > 0 && length > room.AvailableBytes)
            throw Translate(descriptor, Errno.ENOSPC, length, what, name, call);
        bool inMemory = much && IsInMemory(descriptor);
        for (long done = 0; done < length;)
        {
            // A file system in memory may allow more than the machine has: the kernel would go on until it kills somebody for it.
            if (inMemory && length - done > AvailableMemory())
                throw NoMemory(length - done, what, name);
            long step = Math.Min(Step, length - done);
            int error = allocate(descriptor, offset + done, step);
            if (error == 0)
                done += step;
            else if (error != Errno.EINTR)
                throw Translate(descriptor, error, length - done, what, name, call);
        }
    }

    private static bool IsInMemory(int descriptor)
    {
        FileSystemKind kind;
        return LibC.FStatFs(descriptor, &kind) == 0 && kind.Type == FileSystemKind.Tmpfs;
    }

    /// <summary>What the machine, or the container, could still give, in bytes: an estimate of the kernel's (proc_meminfo(5)).</summary>
    private static long AvailableMemory()
    {
        const string Memory = "MemAvailable:", Swap = "SwapFree:";
        long kibibytes = 0;
        foreach (string line in File.ReadLines("/proc/meminfo"))
        {
            int label = line.StartsWith(Memory, StringComparison.Ordinal) ? Memory.Length : line.StartsWith(Swap, StringComparison.Ordinal) ? Swap.Length : 0;
            if (label > 0)
                kibibytes += long.Parse(line.AsSpan(label, line.Length - label - " kB".Length).Trim(), CultureInfo.InvariantCulture);
        }
        // The runtime knows the limit of a container, which /proc/meminfo does not.
        return Math.Min(kibibytes << 10, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    private static SharedObjectException NoMemory(long missing, string what, string? name) => new(
        FailureReason.OutOfSpace,
        $"There is no memory for {what}: {missing:N0} more bytes were needed where the machine has {AvailableMemory():N0} to give. " +
        "End what needs much, ask for less, or reserve the section and commit it as it is needed.",
        name, SharedObjectKind.Section);

    private static SharedObjectException Translate(int descriptor, int error, long missing, string what, string? name, string call)
    {
        FileSystemStatus room;
        if (error != Errno.ENOSPC || LibC.FStatVfs(descriptor, &room) != 0)
            return LinuxErrors.Translate(call, error, $"Reserving memory for {what}", name, SharedObjectKind.Section);
        return new SharedObjectException(FailureReason.OutOfSpace,
            $"There is no memory for {what}: {missing:N0} more bytes were needed where the file system has {room.AvailableBytes:N0} free of {room.TotalBytes:N0}. " +
            "Remove what nobody needs (the tool's verbs ls and clean), ask for less, or make it larger: " +
            "mount -o remount,size=… /dev/shm, or --shm-size=… for a container.",
            name, SharedObjectKind.Section, call, error);
    }
}

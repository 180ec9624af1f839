using System.Text;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>The disk file under a section: opened to match the section's protection, measured, grown, and recognised again (W09).</summary>
internal static unsafe class BackingFile
{
    /// <summary>The file of a request: opened by path, or the caller's own handle opened once more so that either may be closed first.</summary>
    public static ObjectFile Open(in SectionRequest request, out string path, out FileStatus status)
    {
        MemoryAccess access = request.Options.Protection;
        if (request.File is { } given)
        {
            int number = (int)given.DangerousGetHandle();
            int mode = LibC.Fcntl(number, Native.GetStatusFlags, 0) & Native.AccessModeMask;
            path = new FileInfo($"/proc/self/fd/{number}").LinkTarget ?? given.ToString()!;
            bool fits = mode == Native.ReadWrite || mode == Native.ReadOnly && !access.WritesThrough();
            if (!fits)
            {
                throw new SharedObjectException(FailureReason.AccessDenied,
                    $"A section for {access} over \"{path}\" needs the file opened for {(access.WritesThrough() ? "reading and writing" : "reading")}, and it was not.",
                    null, SharedObjectKind.Section);
            }
            return Open($"/proc/self/fd/{number}", path, access, null, out status);
        }
        path = Path.GetFullPath(request.FilePath!);
        return Open(path, path, access, null, out status);
    }

    /// <summary>The file that an existing section names, if it is still the same one.</summary>
    public static ObjectFile Reopen(SegmentDescription description, ObjectName name, MemoryAccess access)
    {
        string path = description.BackingPath!;
        ObjectFile file = Open(path, path, access, name.Full, out FileStatus status);
        // Another user's section must not make this process share a file that the other one could not reach itself.
        if (description.OwnerUserId != 0 && description.OwnerUserId != LibC.GetEUid() && status.UserId != description.OwnerUserId)
        {
            file.Dispose();
            throw new SharedObjectException(FailureReason.AccessDenied,
                $"Section \"{name}\" of user {description.OwnerUserId} lies over \"{path}\", which belongs to user {status.UserId}: it is not that user's to share.",
                name.Full, SharedObjectKind.Section);
        }
        if (status.Device == description.BackingDevice && status.Inode == description.BackingInode && status.Size >= description.PayloadLength)
            return file;
        file.Dispose();
        throw LinuxErrors.Corrupt(path, status.Inode == description.BackingInode
            ? $"it was cut to {status.Size:N0} bytes while section \"{name}\" lies over {description.PayloadLength:N0} of them"
            : $"it is not the file that section \"{name}\" was made over, but another in its place", name.Full, SharedObjectKind.Section);
    }

    /// <summary>The size of the section: as asked, or the file's own; the file grows to it if need be.</summary>
    public static long Fit(int descriptor, string path, in FileStatus status, in SectionRequest request, string? name)
    {
        long size = request.Size == 0 ? status.Size : request.Size;
        if (size == 0)
        {
            throw new SharedObjectException(FailureReason.EmptyFile,
                $"A section over the empty file \"{path}\" needs a size: there is nothing to take it from.", name, SharedObjectKind.Section);
        }
        if (size <= status.Size)
            return size;
        if (!request.Options.Protection.WritesThrough())
        {
            throw new SharedObjectException(FailureReason.AccessDenied,
                $"A section of {size:N0} bytes for {request.Options.Protection} cannot lie over \"{path}\", which has {status.Size:N0}: it may not make the file larger.",
                name, SharedObjectKind.Section);
        }
        ResourceLimit limit;
        if (LibC.GetRLimit(Native.LimitFileSize, &limit) == 0 && (ulong)size > limit.Current)
        {
            throw new SharedObjectException(FailureReason.OutOfSpace,
                $"\"{path}\" would have to grow to {size:N0} bytes, and this process may make no file larger than {limit.Current:N0}. Raise ulimit -f.",
                name, SharedObjectKind.Section, "getrlimit");
        }
        if (!request.Options.Reserve)
            FileSpace.Reserve(descriptor, status.Size, size - status.Size, $"\"{path}\" (growing to {size:N0} bytes)", name);
        else if (LibC.FTruncate(descriptor, size) != 0)
            throw LinuxErrors.Translate("ftruncate", LinuxErrors.Last, $"Growing \"{path}\" to {size:N0} bytes", name, SharedObjectKind.Section);
        return size;
    }

    private static ObjectFile Open(string path, string shown, MemoryAccess access, string? name, out FileStatus status)
    {
        string what = $"Opening \"{shown}\" for a section for {access}";
        int descriptor;
        fixed (byte* p = Encoding.UTF8.GetBytes(path + '\0'))
        {
            descriptor = LibC.OpenAt(Native.CurrentDirectory, p,
                (access.WritesThrough() ? Native.ReadWrite : Native.ReadOnly) | Native.NonBlocking | Native.CloseOnExec, 0);
        }
        if (descriptor < 0)
            throw LinuxErrors.Translate("openat", LinuxErrors.Last, what, name, SharedObjectKind.Section);
        var file = new ObjectFile(descriptor);
        status = ObjectDirectory.StatusOf(descriptor, shown);
        if (status.IsRegular)
            return file;
        file.Dispose();
        throw new SharedObjectException(FailureReason.NotSupported, $"{what} failed: it is not a regular file.", name, SharedObjectKind.Section);
    }
}

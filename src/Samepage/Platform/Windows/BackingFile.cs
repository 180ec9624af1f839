using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>The disk file under a section: opened to match the section's protection, and measured (W09). The system itself lets it grow.</summary>
internal static unsafe class BackingFile
{
    /// <summary>The file of a request: opened by path, or the caller's own handle duplicated so that either may be closed first.</summary>
    public static KernelHandle Open(in SectionRequest request, out string path)
    {
        MemoryAccess access = request.Options.Protection;
        KernelHandle file;
        if (request.File is { } given)
        {
            nint copy;
            if (Kernel32.DuplicateHandle(Win32.CurrentProcess, given.DangerousGetHandle(), Win32.CurrentProcess, &copy, 0, 0, Win32.DuplicateSameAccess) == 0)
                throw WindowsErrors.Translate("DuplicateHandle", WindowsErrors.Last, $"Making a section for {access} over an open file", null, SharedObjectKind.Section);
            file = new KernelHandle(copy);
            path = PathOf(file);
        }
        else
        {
            path = Path.GetFullPath(request.FilePath!);
            file = Open(path, access);
        }
        if (Kernel32.GetFileType(file) == Win32.DiskFile)
            return file;
        file.Dispose();
        throw NotRegular(path, access);
    }

    /// <summary>The size of the section: as asked, or the file's own. What cannot be is refused here, with the file's name.</summary>
    public static long Fit(KernelHandle file, string path, in SectionRequest request, string? name)
    {
        long length;
        if (Kernel32.GetFileSize(file, &length) == 0)
            throw WindowsErrors.Translate("GetFileSizeEx", WindowsErrors.Last, $"Asking the length of \"{path}\"", name, SharedObjectKind.Section);
        long size = request.Size == 0 ? length : request.Size;
        if (size == 0)
        {
            throw new SharedObjectException(FailureReason.EmptyFile,
                $"A section over the empty file \"{path}\" needs a size: there is nothing to take it from.", name, SharedObjectKind.Section);
        }
        if (size <= length)
            return size;
        if (!request.Options.Protection.WritesThrough())
        {
            throw new SharedObjectException(FailureReason.AccessDenied,
                $"A section of {size:N0} bytes for {request.Options.Protection} cannot lie over \"{path}\", which has {length:N0}: it may not make the file larger.",
                name, SharedObjectKind.Section);
        }
        if (request.Options.Reserve)
        {
            // A wish: without it the file has its room from the start.
            uint returned;
            _ = Kernel32.DeviceIoControl(file, Win32.SetSparse, null, 0, null, 0, &returned, 0);
        }
        return size;
    }

    /// <summary>Why a section could not be made over a file.</summary>
    public static string? Remedy(int error, in SectionRequest request, string path) => error == Win32Error.AccessDenied && request.File is not null
        ? $"\"{path}\" must be open for {(request.Options.Protection.WritesThrough() ? "reading and writing" : "reading")}, and it is not."
        : null;

    private static KernelHandle Open(string path, MemoryAccess access)
    {
        KernelHandle file;
        uint rights = Win32.GenericRead
            | (access.WritesThrough() ? Win32.GenericWrite : 0)
            | (access.Executes() ? Win32.GenericExecute : 0);
        fixed (char* p = path)
            file = Kernel32.CreateFile(p, rights, Win32.ShareAll, null, Win32.OpenExisting, 0, 0);
        if (!file.IsInvalid)
            return file;
        int error = WindowsErrors.Last;
        throw Directory.Exists(path)
            ? NotRegular(path, access)
            : WindowsErrors.Translate("CreateFileW", error, $"Opening \"{path}\" for a section for {access}", null, SharedObjectKind.Section);
    }

    private static SharedObjectException NotRegular(string path, MemoryAccess access) => new(
        FailureReason.NotSupported, $"Opening \"{path}\" for a section for {access} failed: it is not a regular file.", null, SharedObjectKind.Section);

    private static string PathOf(KernelHandle file)
    {
        const string LongPrefix = @"\\?\";
        const int Room = 1024;
        char* buffer = stackalloc char[Room];
        uint length = Kernel32.GetFinalPathName(file, buffer, Room, 0);
        string path = length is 0 or >= Room ? "an open file" : new string(buffer, 0, (int)length);
        return path.StartsWith(LongPrefix, StringComparison.Ordinal) ? path[LongPrefix.Length..] : path;
    }
}

using System.Runtime.InteropServices;
using Samepage.Diagnostics;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux;

/// <summary>Turns an error number into the library's exception: the only place that does.</summary>
internal static class LinuxErrors
{
    /// <summary>The error that the last call of this thread left.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <param name="call">The system call, as its manual page is named.</param>
    /// <param name="error">What it left in errno.</param>
    /// <param name="what">What was being done, as the beginning of a sentence: "Creating section \"x\" of 4,096 bytes".</param>
    /// <param name="name">The object, when it has a name.</param>
    /// <param name="kind">The kind asked for.</param>
    /// <param name="remedy">What helps, when the caller knows better than this table.</param>
    public static SharedObjectException Translate(
        string call, int error, string what, string? name = null, SharedObjectKind? kind = null, string? remedy = null)
    {
        (FailureReason reason, string why) = error switch
        {
            Errno.ENOENT => (FailureReason.NotFound, "it does not exist."),
            Errno.ENOTDIR or Errno.ENAMETOOLONG => (FailureReason.NotFound, "there can be nothing of that name."),
            Errno.EEXIST => (FailureReason.AlreadyExists, "it exists already."),
            Errno.EACCES or Errno.EPERM or Errno.EROFS => (FailureReason.AccessDenied,
                "this user may not do that. Look at owner and mode of the file, or ask its owner for wider access."),
            Errno.ENOSPC or Errno.EDQUOT => (FailureReason.OutOfSpace,
                "there is not enough room left. Free some (the tool's verbs ls and clean show what is there), ask for less, or give the file system more."),
            Errno.ENOMEM => (FailureReason.OutOfSpace,
                "the kernel has no memory or no mappings left for it. Look at vm.max_map_count, ulimit -v and the memory limit of the container."),
            Errno.EMFILE => (FailureReason.OutOfSpace,
                "this process has too many files open. Every handle is one: close some, or raise ulimit -n."),
            Errno.ENFILE => (FailureReason.OutOfSpace, "the system has too many files open (fs.file-max)."),
            Errno.EFBIG => (FailureReason.OutOfSpace, "the file would be larger than this process may make it. Raise ulimit -f."),
            Errno.EINVAL or Errno.EOVERFLOW => (FailureReason.InvalidSize, "the system does not take these numbers."),
            Errno.ENOSYS or Errno.EOPNOTSUPP or Errno.ENODEV => (FailureReason.NotSupported,
                "this kernel or file system cannot do that."),
            Errno.EISDIR => (FailureReason.NotSupported, "it is a directory, not a regular file."),
            _ => (FailureReason.Unknown, "the system refused."),
        };
        return new SharedObjectException(
            reason, $"{what} failed: {remedy ?? why} ({call}: {Errno.Name(error)})", name, kind, call, error);
    }

    /// <summary>A look at files failed because no more may be open, which says nothing of them. Its <see cref="Exception.HResult"/> is the error number.</summary>
    public static bool IsShortOfFiles(IOException failure) => IsShortage(failure.HResult);

    /// <summary>The system has none left of what a look takes.</summary>
    public static bool IsShortage(int error) => error is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM;

    /// <summary>Something lies in an object, or in its place, that this library did not write.</summary>
    public static SharedObjectException Corrupt(string path, string field, string? name, SharedObjectKind? kind = null)
    {
        LibraryEvents.Log.CorruptObject(path, field);
        return new(FailureReason.Corrupt,
            $"\"{path}\" cannot be used: {field}. Nothing was read beyond it and nothing was changed. Remove the file if no program needs it.",
            name, kind);
    }
}

using System.Runtime.InteropServices;
using Samepage.Diagnostics;
using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows;

/// <summary>Turns a Win32 error code into the library's exception: the only place that does.</summary>
internal static class WindowsErrors
{
    /// <summary>The error that the last call of this thread left.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <param name="call">The function that failed.</param>
    /// <param name="error">What GetLastError said.</param>
    /// <param name="what">What was being done, as the beginning of a sentence: "Creating section \"x\" of 4,096 bytes".</param>
    /// <param name="name">The object, when it has a name.</param>
    /// <param name="kind">The kind asked for.</param>
    /// <param name="remedy">Why, and what helps, when the caller knows better than this table.</param>
    public static SharedObjectException Translate(
        string call, int error, string what, string? name = null, SharedObjectKind? kind = null, string? remedy = null)
    {
        (FailureReason reason, string why) = error switch
        {
            Win32Error.FileNotFound or Win32Error.PathNotFound => (FailureReason.NotFound, "it does not exist."),
            Win32Error.InvalidName or Win32Error.BadPathName => (FailureReason.NotFound, "there can be nothing of that name."),
            Win32Error.AlreadyExists => (FailureReason.AlreadyExists, "it exists already."),
            Win32Error.InvalidHandle => (FailureReason.WrongKind, "the name belongs to an object of another kind. Give each its own name."),
            Win32Error.AccessDenied or Win32Error.WriteProtect => (FailureReason.AccessDenied,
                "this user may not do that. Look at the permissions, or ask the owner for wider access."),
            Win32Error.PrivilegeNotHeld => (FailureReason.AccessDenied, "this account does not have the privilege for it."),
            Win32Error.SharingViolation or Win32Error.LockViolation => (FailureReason.AccessDenied,
                "another program has the file open and shares it with nobody. Close it there first."),
            Win32Error.UserMappedFile => (FailureReason.AccessDenied, "the file is mapped, and cannot be cut while it is."),
            Win32Error.CommitmentLimit or Win32Error.NotEnoughMemory or Win32Error.OutOfMemory or Win32Error.NoSystemResources => (FailureReason.OutOfSpace,
                "the system has no memory left for it. End what needs much, ask for less, reserve the section and commit it as it is needed, or enlarge the paging file."),
            Win32Error.DiskFull or Win32Error.HandleDiskFull => (FailureReason.OutOfSpace, "there is not enough room on the disk."),
            Win32Error.FileTooLarge => (FailureReason.OutOfSpace, "the file would be larger than its file system takes."),
            Win32Error.WorkingSetQuota or Win32Error.PagefileQuota or Win32Error.NotEnoughQuota => (FailureReason.OutOfSpace,
                "it is more than this process may have."),
            Win32Error.TooManyOpenFiles => (FailureReason.OutOfSpace, "this process has too many handles open."),
            Win32Error.InvalidParameter => (FailureReason.InvalidSize, "the system does not take these numbers."),
            Win32Error.FileInvalid => (FailureReason.EmptyFile, "the file is empty."),
            Win32Error.InvalidAddress => (FailureReason.AddressInUse, "something else is mapped there."),
            Win32Error.MappedAlignment => (FailureReason.OutOfRange, "offset or address does not lie where the system maps."),
            Win32Error.TooManyPosts => (FailureReason.LimitReached, "it would pass the maximum."),
            Win32Error.InvalidFunction or Win32Error.NotSupported or Win32Error.CallNotImplemented => (FailureReason.NotSupported,
                "this system or file system cannot do that."),
            _ => (FailureReason.Unknown, "the system refused."),
        };
        return new SharedObjectException(reason, $"{what} failed: {remedy ?? why} ({call}: {error})", name, kind, call, error);
    }

    /// <summary>For a function of the kernel that answers with an NTSTATUS.</summary>
    public static SharedObjectException TranslateStatus(
        string call, int status, string what, string? name = null, SharedObjectKind? kind = null) =>
        Translate(call, Ntdll.RtlNtStatusToDosError(status), what, name, kind);

    /// <summary>Something lies in an object that this library did not write.</summary>
    public static SharedObjectException Corrupt(string what, string field, string? name, SharedObjectKind? kind = null)
    {
        LibraryEvents.Log.CorruptObject(name ?? what, field);
        return new(FailureReason.Corrupt, $"{what} cannot be used: {field}. Nothing was read beyond it and nothing was changed.", name, kind);
    }
}

namespace Samepage;

/// <summary>
/// An operation on a shared object failed. <see cref="Reason"/> is for programs, the message for people: it says what was asked,
/// of which object, why it was refused, and what helps.
/// </summary>
/// <remarks>
/// <see cref="Exception.HResult"/> carries the Win32 error of the same fault as an HRESULT (<c>0x8007xxxx</c>) on every platform,
/// so that code ported from Windows can go on comparing it.
/// </remarks>
public sealed class SharedObjectException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="reason">Why the operation failed.</param>
    /// <param name="message">What was asked, why it was refused, what helps.</param>
    /// <param name="objectName">The object's name as the caller gave it, or null for an anonymous object.</param>
    /// <param name="objectKind">The kind of object that was asked for, when one was.</param>
    /// <param name="systemCall">The system call that failed, when one did.</param>
    /// <param name="systemError">That call's error number, or 0.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public SharedObjectException(
        FailureReason reason,
        string message,
        string? objectName = null,
        SharedObjectKind? objectKind = null,
        string? systemCall = null,
        int systemError = 0,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        ObjectName = objectName;
        ObjectKind = objectKind;
        SystemCall = systemCall;
        SystemError = systemError;
        HResult = unchecked((int)0x80070000) | Win32Code(reason);
    }

    /// <summary>Why the operation failed.</summary>
    public FailureReason Reason { get; }

    /// <summary>The object's name as the caller gave it, or null for an anonymous object.</summary>
    public string? ObjectName { get; }

    /// <summary>The kind of object that was asked for, when one was.</summary>
    public SharedObjectKind? ObjectKind { get; }

    /// <summary>The system call that failed, or null when the library itself refused.</summary>
    public string? SystemCall { get; }

    /// <summary>The error number that <see cref="SystemCall"/> left, or 0.</summary>
    public int SystemError { get; }

    // The codes are those that the model names beside each behaviour (winerror.h).
    private static int Win32Code(FailureReason reason) => reason switch
    {
        FailureReason.NotFound => 2,            // ERROR_FILE_NOT_FOUND
        FailureReason.AccessDenied => 5,        // ERROR_ACCESS_DENIED
        FailureReason.WrongKind => 6,           // ERROR_INVALID_HANDLE
        FailureReason.NotSupported => 50,       // ERROR_NOT_SUPPORTED
        FailureReason.InvalidSize => 87,        // ERROR_INVALID_PARAMETER
        FailureReason.PeerDied => 109,          // ERROR_BROKEN_PIPE
        FailureReason.PeerClosed => 232,        // ERROR_NO_DATA: the pipe is being closed
        FailureReason.AlreadyExists => 183,     // ERROR_ALREADY_EXISTS
        FailureReason.LimitReached => 298,      // ERROR_TOO_MANY_POSTS
        FailureReason.AddressInUse => 487,      // ERROR_INVALID_ADDRESS
        FailureReason.OutOfRange => 1132,       // ERROR_MAPPED_ALIGNMENT
        FailureReason.OutOfSpace => 1455,       // ERROR_COMMITMENT_LIMIT
        FailureReason.EmptyFile => 1006,        // ERROR_FILE_INVALID
        FailureReason.Corrupt => 1392,          // ERROR_FILE_CORRUPT
        FailureReason.VersionMismatch => 1306,  // ERROR_REVISION_MISMATCH
        _ => 31,                                // ERROR_GEN_FAILURE
    };
}

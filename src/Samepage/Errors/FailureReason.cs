namespace Samepage;

/// <summary>Why an operation on a shared object failed: the same value for the same fault on every platform.</summary>
public enum FailureReason
{
    /// <summary>The system refused for a reason that has no name here; the system call and its error say more.</summary>
    Unknown = 0,

    /// <summary>No object of that name is alive (W05).</summary>
    NotFound,

    /// <summary>An object of that name is alive, and a new one was asked for (W04).</summary>
    AlreadyExists,

    /// <summary>The name belongs to an object of another kind (W07).</summary>
    WrongKind,

    /// <summary>The caller may not do that with this object, or the object's protection forbids it (W11, W20).</summary>
    AccessDenied,

    /// <summary>There is not enough room in shared memory, on the disk, or under a limit of this process (W12).</summary>
    OutOfSpace,

    /// <summary>What lies in the object is not what this library writes; the message names the field.</summary>
    Corrupt,

    /// <summary>The object was made by a version of this library, or on a machine, that lays things out differently.</summary>
    VersionMismatch,

    /// <summary>The size is not usable: zero, negative, or more than the system can map (W06).</summary>
    InvalidSize,

    /// <summary>A file of length zero was to be mapped at its own length (W06).</summary>
    EmptyFile,

    /// <summary>The wished address is taken (W14).</summary>
    AddressInUse,

    /// <summary>The range lies outside the section, or was not committed (W13, W12).</summary>
    OutOfRange,

    /// <summary>
    /// A semaphore would rise above its maximum (W33), or a wait is for more objects than the system takes at one moment (W34); nothing was changed.
    /// </summary>
    LimitReached,

    /// <summary>This system, or this configuration of it, cannot do that; the message says what is missing.</summary>
    NotSupported,

    /// <summary>The process at the other side ended.</summary>
    PeerDied,

    /// <summary>The other side has closed, or does not read any more (W41).</summary>
    PeerClosed,

    /// <summary>Whoever was called could not do what was asked; the message is theirs.</summary>
    CallFailed,
}

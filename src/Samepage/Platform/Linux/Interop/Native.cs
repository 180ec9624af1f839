using System.Runtime.InteropServices;

namespace Samepage.Platform.Linux.Interop;

/// <summary>Numbers of the Linux interface (asm-generic and asm headers; where architectures differ, both).</summary>
internal static class Native
{
    public const int CurrentDirectory = -100;               // AT_FDCWD
    public const int EmptyPath = 0x1000;                    // AT_EMPTY_PATH
    public const int FollowLink = 0x400;                    // AT_SYMLINK_FOLLOW
    public const int DontFollowLink = 0x100;                // AT_SYMLINK_NOFOLLOW

    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int AccessModeMask = 3;
    public const int Create = 0x40;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    private static readonly bool _arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static readonly int DirectoryOnly = _arm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = _arm ? 0x8000 : 0x20000;
    public static readonly int TemporaryFile = 0x400000 | DirectoryOnly;

    public const int FileTypeMask = 0xF000;
    public const int Fifo = 0x1000;
    public const int RegularFile = 0x8000;
    public const int Directory = 0x4000;
    public const int SymbolicLink = 0xA000;
    public const uint StatBasic = 0x7FF;                    // STATX_BASIC_STATS
    public const uint NoReplace = 1;                        // RENAME_NOREPLACE
    public const int RemoveDirectory = 0x200;               // AT_REMOVEDIR

    public const int SetDescriptorFlags = 2;                // F_SETFD
    public const int GetStatusFlags = 3;                    // F_GETFL
    public const int OfdGetLock = 36;                       // F_OFD_GETLK
    public const int OfdSetLock = 37;                       // F_OFD_SETLK
    public const int OfdSetLockWait = 38;                   // F_OFD_SETLKW
    public const short ReadLock = 0;
    public const short WriteLock = 1;
    public const short Unlock = 2;
    public const int AddSeals = 1033;                       // F_ADD_SEALS
    public const int SealShrink = 2;                        // F_SEAL_SHRINK

    public const int ProtectionNone = 0;
    public const int ProtectionRead = 1;
    public const int ProtectionWrite = 2;
    public const int ProtectionExecute = 4;
    public const int MapShared = 1;
    public const int MapPrivate = 2;
    public const int MapFixed = 0x10;
    public const int MapAnonymous = 0x20;
    public const int MapNoReserve = 0x4000;
    public const int MapFixedNoReplace = 0x100000;
    public const int SyncNow = 4;                           // MS_SYNC

    public const int AdviceHugePage = 14;                   // MADV_HUGEPAGE
    public const int AdvicePopulateRead = 22;               // MADV_POPULATE_READ
    public const int AdviceWillNeed = 3;                    // MADV_WILLNEED

    public const uint MemFdCloseOnExec = 1;
    public const uint MemFdAllowSealing = 2;
    public const uint MemFdExecutable = 0x10;               // MFD_EXEC, since 6.3

    public const int PunchHole = 3;                         // FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE

    public const int LimitFileSize = 1;                     // RLIMIT_FSIZE

    public const int EpollCloseOnExec = 0x80000;            // EPOLL_CLOEXEC
    public const int EpollAdd = 1;                          // EPOLL_CTL_ADD
    public const int EpollRemove = 2;                       // EPOLL_CTL_DEL
    public const uint EpollOneShot = 1 << 30;               // EPOLLONESHOT; EPOLLHUP need not be asked for

    /// <summary>struct epoll_event, which is packed on x64 alone: its length, and where in it the user's 64 bits lie.</summary>
    public static readonly int EpollEntryLength = _arm ? 16 : 12;
    public static readonly int EpollEntryData = _arm ? 8 : 4;

    public static readonly nint SysFutex = _arm ? 98 : 202;
    public static readonly nint SysGetRobustList = _arm ? 100 : 274;
    public static readonly nint SysGetThreadId = _arm ? 178 : 186;
    public static readonly nint SysThreadKill = _arm ? 130 : 200;
    public static readonly nint SysMemBarrier = _arm ? 283 : 324;
    public static readonly nint SysOpenAt = _arm ? 56 : 257;
    public static readonly nint SysClose = _arm ? 57 : 3;
    public static readonly nint SysFcntl = _arm ? 25 : 72;
    public static readonly nint SysFChMod = _arm ? 52 : 91;
    public static readonly nint SysSignalMask = _arm ? 135 : 14;    // rt_sigprocmask
    public const nint SysCloseRange = 436;
    public const nint SysFutexWaitV = 449;

    public const int CloseRangeUnshare = 2;                 // CLOSE_RANGE_UNSHARE, since 5.9
    public const int BlockSignals = 0;                      // SIG_BLOCK

    public const int FutexWake = 1;
    public const int FutexRequeue = 3;
    public const int FutexWakeOp = 5;
    public const int FutexWaitBitset = 9;
    public const int FutexPrivate = 0x80;                   // FUTEX_PRIVATE_FLAG
    public const uint FutexMatchAny = 0xFFFF_FFFF;
    public const uint Futex32Bits = 2;                      // FUTEX2_SIZE_U32; without the next: shared
    public const uint Futex32BitsPrivate = 0x82;            // FUTEX2_SIZE_U32 | FUTEX2_PRIVATE
    public const int ClockMonotonic = 1;

    public const int BarrierQuery = 0;                      // MEMBARRIER_CMD_QUERY
    public const int BarrierReachAll = 2;                   // MEMBARRIER_CMD_GLOBAL_EXPEDITED, since 4.16
    public const int BarrierRegister = 4;                   // MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED
}

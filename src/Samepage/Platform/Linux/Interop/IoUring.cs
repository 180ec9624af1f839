using System.Runtime.InteropServices;

namespace Samepage.Platform.Linux.Interop;

/// <summary>io_uring(7): numbers (linux/io_uring.h).</summary>
internal static class IoUring
{
    public const nint SysSetup = 425;
    public const nint SysEnter = 426;

    public const uint SetupCompletionSize = 1 << 3;         // IORING_SETUP_CQSIZE
    public const uint SetupSingleIssuer = 1 << 12;          // IORING_SETUP_SINGLE_ISSUER
    public const uint SetupDeferTaskRun = 1 << 13;          // IORING_SETUP_DEFER_TASKRUN

    public const uint EnterGetEvents = 1;                   // IORING_ENTER_GETEVENTS
    public const uint EnterExtendedArgument = 1 << 3;       // IORING_ENTER_EXT_ARG

    public const long OffsetSubmissionRing = 0;             // IORING_OFF_SQ_RING; with IORING_FEAT_SINGLE_MMAP the completions as well
    public const long OffsetSubmissions = 0x1000_0000;      // IORING_OFF_SQES
    public const uint FeatureSingleMap = 1;                 // IORING_FEAT_SINGLE_MMAP

    public const byte OperationCancel = 14;                 // IORING_OP_ASYNC_CANCEL
    public const byte OperationFutexWait = 51;              // IORING_OP_FUTEX_WAIT, since 6.7
}

/// <summary>struct io_uring_params with its two offset tables.</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal struct RingParameters
{
    [FieldOffset(0)] public uint SubmissionEntries;
    [FieldOffset(4)] public uint CompletionEntries;
    [FieldOffset(8)] public uint Flags;
    [FieldOffset(20)] public uint Features;
    [FieldOffset(40)] public uint SubmissionHead;
    [FieldOffset(44)] public uint SubmissionTail;
    [FieldOffset(48)] public uint SubmissionMask;
    [FieldOffset(64)] public uint SubmissionArray;
    [FieldOffset(80)] public uint CompletionHead;
    [FieldOffset(84)] public uint CompletionTail;
    [FieldOffset(88)] public uint CompletionMask;
    [FieldOffset(100)] public uint Completions;
}

/// <summary>struct io_uring_sqe.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct RingSubmission
{
    [FieldOffset(0)] public byte Operation;
    [FieldOffset(4)] public uint FutexFlags;                // fd
    [FieldOffset(8)] public ulong Value;                    // addr2
    [FieldOffset(16)] public ulong Address;
    [FieldOffset(32)] public ulong Tag;                     // user_data
    [FieldOffset(48)] public ulong Mask;                    // addr3
}

/// <summary>struct io_uring_cqe.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingCompletion
{
    public ulong Tag;
    public int Result;
    public uint Flags;
}

/// <summary>struct io_uring_getevents_arg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingWaitArgument
{
    public ulong SignalMask;
    public uint SignalMaskLength;
    public uint Reserved;
    public ulong Timeout;
}

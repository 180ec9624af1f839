using System.Diagnostics.CodeAnalysis;
using Samepage.Atomics;
using Samepage.Platform.Linux.Interop;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Watching;

/// <summary>The two rings that a thread shares with the kernel: what it asks for, and what has ended (io_uring_setup(2), io_uring_enter(2)).</summary>
internal sealed unsafe class Ring : IDisposable
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly int _descriptor;
    private readonly byte* _rings;
    private readonly nuint _ringsLength;
    private readonly RingSubmission* _submissions;
    private readonly RingParameters _at;
    private uint _unsubmitted;

    public Ring(uint entries, uint completionEntries)
    {
        _at = new RingParameters
        {
            CompletionEntries = completionEntries,
            Flags = IoUring.SetupCompletionSize | IoUring.SetupSingleIssuer | IoUring.SetupDeferTaskRun,
        };
        fixed (RingParameters* parameters = &_at)
            _descriptor = (int)LibC.SysCall3(IoUring.SysSetup, (nint)entries, (nint)parameters, 0);
        if (_descriptor < 0)
            throw LinuxErrors.Translate("io_uring_setup", LinuxErrors.Last, "Beginning to wait asynchronously");
        uint most = Math.Max(
            _at.SubmissionArray + _at.SubmissionEntries * sizeof(uint), _at.Completions + _at.CompletionEntries * (uint)sizeof(RingCompletion));
        _ringsLength = most;
        _rings = (byte*)Map(_ringsLength, IoUring.OffsetSubmissionRing);
        _submissions = (RingSubmission*)Map(_at.SubmissionEntries * (uint)sizeof(RingSubmission), IoUring.OffsetSubmissions);
        // Each place of the ring means the entry of the same number, for ever.
        // NO-POINT: of this process and the kernel.
        for (uint i = 0; i < _at.SubmissionEntries; i++)
            ((uint*)(_rings + _at.SubmissionArray))[i] = i;
    }

    public static bool TryCreate(uint entries, uint completionEntries, [NotNullWhen(true)] out Ring? ring)
    {
        try
        {
            ring = new Ring(entries, completionEntries);
            return true;
        }
        catch (SharedObjectException)
        {
            // Not in this kernel, or not for this process.
            ring = null;
            return false;
        }
    }

    private uint* SubmissionHead => (uint*)(_rings + _at.SubmissionHead);

    private uint* SubmissionTail => (uint*)(_rings + _at.SubmissionTail);

    private uint* CompletionHead => (uint*)(_rings + _at.CompletionHead);

    private uint* CompletionTail => (uint*)(_rings + _at.CompletionTail);

    /// <summary>Asks for one wait on a word.</summary>
    public void WaitWhile(uint* word, uint value, uint flags, ulong tag) => Add(new RingSubmission
    {
        Operation = IoUring.OperationFutexWait,
        FutexFlags = flags,
        Value = value,
        Address = (ulong)word,
        Mask = Native.FutexMatchAny,
        Tag = tag,
    });

    /// <summary>Asks for the end of a wait: it ends as any other, if it has not yet.</summary>
    public void Cancel(ulong waitTag, ulong tag) => Add(new RingSubmission { Operation = IoUring.OperationCancel, FutexFlags = uint.MaxValue, Address = waitTag, Tag = tag });

    /// <summary>Hands over what was asked for, and sleeps until something has ended, or the deadline.</summary>
    public void SubmitAndSleep(in Deadline deadline)
    {
        TimeSpec left = deadline.FromNow();
        var argument = new RingWaitArgument { SignalMaskLength = 8, Timeout = deadline.IsNever ? 0 : (ulong)&left };
        bool any = SharedAtomics.Acquire(CompletionTail) != *CompletionHead;
        Enter(any ? 0u : 1u, &argument);
    }

    public bool TryTake(out RingCompletion completion)
    {
        uint head = *CompletionHead;
        // SYNC(ring): pairs with the kernel's release of the tail.
        if (head == SharedAtomics.Acquire(CompletionTail))
        {
            completion = default;
            return false;
        }
        uint mask = *(uint*)(_rings + _at.CompletionMask);
        completion = ((RingCompletion*)(_rings + _at.Completions))[head & mask];
        // NO-POINT: of this process and the kernel.
        // SYNC(ring): pairs with the kernel's acquire of the head.
        SharedAtomics.Release(CompletionHead, head + 1);
        return true;
    }

    public void Dispose()
    {
        _ = LibC.MUnmap((nint)_submissions, _at.SubmissionEntries * (uint)sizeof(RingSubmission));
        _ = LibC.MUnmap((nint)_rings, _ringsLength);
        _ = LibC.Close(_descriptor);
    }

    private void Add(in RingSubmission submission)
    {
        uint tail = *SubmissionTail;
        if (IsFull(tail))
        {
            Enter(0, null);
            if (IsFull(tail))
                throw LinuxErrors.Translate("io_uring_enter", Errno.ENOMEM, "Beginning to sleep on one more word");
        }
        uint mask = *(uint*)(_rings + _at.SubmissionMask);
        _submissions[tail & mask] = submission;
        // NO-POINT: of this process and the kernel.
        // SYNC(ring): pairs with the kernel's acquire of the tail.
        SharedAtomics.Release(SubmissionTail, tail + 1);
        _unsubmitted++;
    }

    private bool IsFull(uint tail) => tail - SharedAtomics.Acquire(SubmissionHead) == _at.SubmissionEntries;

    private void Enter(uint atLeast, RingWaitArgument* argument)
    {
        uint flags = argument is null ? 0 : IoUring.EnterGetEvents | IoUring.EnterExtendedArgument;
        nint submitted = LibC.SysCall6(IoUring.SysEnter, _descriptor, (nint)_unsubmitted, (nint)atLeast, (nint)flags,
            (nint)argument, argument is null ? 0 : sizeof(RingWaitArgument));
        if (submitted >= 0)
        {
            _unsubmitted -= (uint)submitted;
            return;
        }
        if (LinuxErrors.Last is not (Errno.EINTR or Errno.ETIME or Errno.EBUSY or Errno.EAGAIN))
            throw LinuxErrors.Translate("io_uring_enter", LinuxErrors.Last, "Waiting asynchronously");
        // What was taken over before the sleep was interrupted is behind the kernel's head.
        _unsubmitted = *SubmissionTail - SharedAtomics.Acquire(SubmissionHead);
    }

    private nint Map(nuint length, long offset)
    {
        nint at = LibC.MMap(0, length, Native.ProtectionRead | Native.ProtectionWrite, Native.MapShared, _descriptor, offset);
        return at != -1 ? at : throw LinuxErrors.Translate("mmap", LinuxErrors.Last, "Mapping the rings of asynchronous waits");
    }
}

using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Platform.Linux.Interop;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>
/// One thread as the kernel sees it when it dies: its id, its list of robust futexes, and the entry that it is just working on.
/// </summary>
/// <remarks>
/// The list is the one that the C library registered at the thread's start (set_robust_list(2)); there is only one per thread, so entries of
/// this library and of pthread mutexes stand in it side by side, linked both ways as the C libraries do it: <c>previous</c> right before <c>next</c>.
/// Everything here is read by the kernel on behalf of this same thread, so program order is all the order that is needed.
/// </remarks>
internal readonly unsafe struct RobustThread
{
    /// <summary>The kernel walks at most 2,048 entries (ROBUST_LIST_LIMIT); some room is left for mutexes of the C library.</summary>
    private const int MostHeld = 2000;

    // glibc and musl mark the entry of a priority-inheriting mutex in the lowest bit of the pointer to it, as the kernel does.
    private const nint PointerMask = ~1;

    // Each of them a plain number: one load from thread-local memory, where a reference or a struct takes a chain of them.
    [ThreadStatic]
    private static long _identity;

    [ThreadStatic]
    private static RobustListHead* _listHead;

    [ThreadStatic]
    private static int _held;

    private static long _threads;

    private readonly RobustListHead* _head;

    private RobustThread(long identity, RobustListHead* head)
    {
        Identity = identity;
        _head = head;
    }

    public static RobustThread Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            long identity = _identity;
            return identity != 0 ? new RobustThread(identity, _listHead) : Attach();
        }
    }

    /// <summary>Unlike the thread id, which is its low half, never given to another thread of this process; never 0.</summary>
    public long Identity { get; }

    public uint ThreadId => (uint)Identity;

    /// <summary>From a list node to its futex word; negative, and the same for all threads of a process.</summary>
    public nint WordOffset => _head->WordOffset;

    public static bool MayHoldAnother => MayHold(1);

    /// <summary>What <see cref="Begin"/> set last.</summary>
    public nint Pending => _head->Pending;

    /// <summary>The futex word of a list node.</summary>
    public uint* WordOf(nint node) => (uint*)(node + _head->WordOffset);

    public static bool MayHold(int more) => _held <= MostHeld - more;

    /// <summary>Tells the kernel which word this thread is about to change or waits for; at its death the kernel looks after it.</summary>
    /// <remarks>SAFETY: the head is this thread's own, alive as long as the thread.</remarks>
    // NO-POINT: of this thread and the kernel; who calls has one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(nint node) => SharedAtomics.StoreInOrder(&_head->Pending, node);

    // NO-POINT: of this thread and the kernel; who calls has one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End() => SharedAtomics.StoreInOrder(&_head->Pending, 0);

    /// <summary>Enters a held mutex in the list. The kernel may look after any of these stores: the list is whole at each.</summary>
    // NO-POINT: of this thread and the kernel; who calls has one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Link(nint node)
    {
        nint next = _head->First;
        ((nint*)node)[-1] = (nint)_head;
        SharedAtomics.StoreInOrder((nint*)node, next);
        SharedAtomics.StoreInOrder(&_head->First, node);
        if ((next & PointerMask) != (nint)_head)
            ((nint*)(next & PointerMask))[-1] = node;
        _held++;
    }

    // NO-POINT: of this thread and the kernel; who calls has one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unlink(nint node)
    {
        nint next = *(nint*)node;
        nint previous = ((nint*)node)[-1];
        SharedAtomics.StoreInOrder((nint*)previous, next);
        if ((next & PointerMask) != (nint)_head)
            ((nint*)(next & PointerMask))[-1] = previous;
        _held--;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RobustThread Attach()
    {
        RobustListHead* head;
        nuint length;
        if (LibC.SysCall3(Native.SysGetRobustList, 0, (nint)(&head), (nint)(&length)) != 0)
            throw LinuxErrors.Translate("get_robust_list", LinuxErrors.Last, "Reading this thread's list of robust futexes");
        // The nodes must fall behind the page that ends with the words, their "previous" included, and well within the next.
        if (head is null || head->WordOffset is > -32 or < -1024)
        {
            throw new SharedObjectException(FailureReason.NotSupported,
                "The C library registered no list of robust futexes for this thread, or one of an unknown shape: locks and signals could not survive the death of a process. glibc registers one.");
        }
        _listHead = head;
        _identity = SharedAtomics.Increment(ref _threads) << 32 | (uint)LibC.SysCall(Native.SysGetThreadId);
        return new RobustThread(_identity, head);
    }
}

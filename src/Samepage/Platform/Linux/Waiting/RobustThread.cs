using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    // A pointer, because reading one from thread-local memory takes half the time of reading a reference.
    [ThreadStatic]
    private static State* _current;

    [ThreadStatic]
    private static StateOwner? _owner;

    private static long _lastIdentity;

    private readonly State* _state;

    private RobustThread(State* state) => _state = state;

    public static RobustThread Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            State* state = _current;
            return new RobustThread(state is null ? Attach() : state);
        }
    }

    /// <summary>Unlike the thread id, never given to another thread of this process; never 0.</summary>
    public long Identity => _state->Identity;

    public uint ThreadId => _state->ThreadId;

    /// <summary>From a list node to its futex word; negative, and the same for all threads of a process.</summary>
    public nint WordOffset => _state->Head->WordOffset;

    public bool MayHoldAnother => _state->Held < MostHeld;

    /// <summary>Tells the kernel which word this thread is about to change or waits for; at its death the kernel looks after it.</summary>
    /// <remarks>SAFETY: the head is this thread's own, alive as long as the thread.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(nint node) => SharedAtomics.StoreInOrder(&_state->Head->Pending, node);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End() => SharedAtomics.StoreInOrder(&_state->Head->Pending, 0);

    /// <summary>Enters a held mutex in the list. The kernel may look after any of these stores: the list is whole at each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Link(nint node)
    {
        RobustListHead* head = _state->Head;
        nint next = head->First;
        ((nint*)node)[-1] = (nint)head;
        SharedAtomics.StoreInOrder((nint*)node, next);
        SharedAtomics.StoreInOrder(&head->First, node);
        if ((next & PointerMask) != (nint)head)
            ((nint*)(next & PointerMask))[-1] = node;
        _state->Held++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unlink(nint node)
    {
        nint next = *(nint*)node;
        nint previous = ((nint*)node)[-1];
        SharedAtomics.StoreInOrder((nint*)previous, next);
        if ((next & PointerMask) != (nint)_state->Head)
            ((nint*)(next & PointerMask))[-1] = previous;
        _state->Held--;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static State* Attach()
    {
        RobustListHead* head;
        nuint length;
        if (LibC.SysCall3(Native.SysGetRobustList, 0, (nint)(&head), (nint)(&length)) != 0)
            throw LinuxErrors.Translate("get_robust_list", LinuxErrors.Last, "Reading this thread's list of robust futexes");
        // The node must fall behind the page that ends with the word, its "previous" included, and well within the next.
        if (head is null || head->WordOffset is > -16 or < -1024)
        {
            throw new SharedObjectException(FailureReason.NotSupported,
                "The C library registered no list of robust futexes for this thread, or one of an unknown shape: locks and signals could not survive the death of a process. glibc registers one.");
        }
        var owner = new StateOwner();
        *owner.State = new State
        {
            Head = head,
            ThreadId = (uint)LibC.SysCall(Native.SysGetThreadId),
            Identity = SharedAtomics.Increment(ref _lastIdentity),
        };
        _owner = owner;
        return _current = owner.State;
    }

    private struct State
    {
        public RobustListHead* Head;
        public uint ThreadId;
        public int Held;
        public long Identity;
    }

    /// <summary>Frees the state when the thread is gone, and with it the only reference to this.</summary>
    private sealed class StateOwner
    {
        public State* State { get; } = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));

        ~StateOwner() => NativeMemory.Free(State);
    }
}

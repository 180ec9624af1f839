using Samepage.Platform.Windows.Interop;

namespace Samepage.Platform.Windows.Waiting;

/// <summary>A wait for any of more objects than the system takes in one call (W34).</summary>
/// <remarks>
/// They are looked at once, in order. If none is signalled, they are shared out in groups, each asleep on a thread of its own; mutexes belong to
/// the thread that takes them, and what is not ours cannot be given back, so all of those are in the caller's own group. Whoever takes something,
/// or gives up, ends the sleep of all. When all threads have ended, the caller chooses among what was taken, mostly one, and gives the others back.
/// </remarks>
internal sealed unsafe class KernelWaitMany
{
    // Each group has the event that ends all sleeps, the caller's the token's event, too.
    private const int MostOfCaller = Win32.MostWaits - 2;
    private const int MostOfHelper = Win32.MostWaits - 1;

    private const int StackOfHelper = 256 * 1024;

    private readonly KernelHandle _over;
    private readonly Group _own;
    private readonly List<Group> _helpers = [];

    private KernelWaitMany(List<Member> members, KernelHandle over)
    {
        _over = over;
        int room = MostOfCaller - members.Count(m => m.BelongsToThread);
        _own = new Group([.. members.Where(m => m.BelongsToThread || room-- > 0)], over);
        Member[] others = [.. members.Except(_own.Members)];
        _helpers.AddRange(others.Chunk(MostOfHelper).Select(chunk => new Group(chunk, over)));
    }

    /// <summary>Takes the first that is signalled, of objects that the caller holds. Null: cancelled.</summary>
    public static WaitResult? Any(
        ReadOnlySpan<WaitableBackend> backends, ReadOnlySpan<nint> handles, TimeSpan timeout, CancellationToken token, out int index)
    {
        var members = new List<Member>(backends.Length);
        var seen = new HashSet<nint>();
        for (int i = 0; i < backends.Length; i++)
        {
            if (seen.Add(handles[i]))
                members.Add(new Member((IKernelWaitable)backends[i], handles[i], i));
        }
        if (members.Count(m => m.BelongsToThread) is > MostOfCaller and int bound)
            throw TooManyOfThread(bound);
        return Look(members, out index) ?? (timeout == TimeSpan.Zero ? WaitResult.TimedOut : Sleep(members, timeout, token, out index));
    }

    /// <summary>Takes what is signalled already; null when nothing is.</summary>
    private static WaitResult? Look(List<Member> members, out int index)
    {
        foreach (Member[] chunk in members.Chunk(Win32.MostWaits))
        {
            var group = new Group(chunk, null);
            group.Sleep(0, TimeSpan.Zero);
            group.ThrowIfFailed();
            if (group.Taken is { } taken)
            {
                index = taken.Index;
                return group.Result;
            }
        }
        index = -1;
        return null;
    }

    private static WaitResult? Sleep(List<Member> members, TimeSpan timeout, CancellationToken token, out int index)
    {
        bool tokenHeld = false;
        using KernelHandle over = Kernel32.CreateEvent(null, null, Win32.ManualReset, Win32.EventAccess);
        if (over.IsInvalid)
            throw WindowsErrors.Translate("CreateEventExW", WindowsErrors.Last, $"Waiting for any of {members.Count:N0} objects");
        Microsoft.Win32.SafeHandles.SafeWaitHandle? tokenHandle = token.CanBeCanceled ? token.WaitHandle.SafeWaitHandle : null;
        try
        {
            tokenHandle?.DangerousAddRef(ref tokenHeld);
            return new KernelWaitMany(members, over).Run(tokenHandle?.DangerousGetHandle() ?? 0, timeout, out index);
        }
        finally
        {
            if (tokenHeld)
                tokenHandle!.DangerousRelease();
        }
    }

    private WaitResult? Run(nint token, TimeSpan timeout, out int index)
    {
        Group? best = null;
        var threads = new List<Thread>(_helpers.Count);
        try
        {
            foreach (Group group in _helpers)
            {
                var thread = new Thread(() => group.Sleep(0, Timeout.InfiniteTimeSpan), StackOfHelper) { IsBackground = true, Name = "Samepage wait" };
                thread.UnsafeStart();
                threads.Add(thread);
            }
            _own.Sleep(token, timeout);
        }
        finally
        {
            _ = Kernel32.SetEvent(_over);
            Join(threads);
            // Threads that could not be started end this with an exception, and nothing taken.
            if (threads.Count == _helpers.Count)
                best = Best();
            foreach (Group group in _helpers.Append(_own))
            {
                if (group != best)
                    group.Taken?.GiveBack();
            }
        }
        if (best is not null)
        {
            index = best.Taken!.Value.Index;
            return best.Result;
        }
        foreach (Group group in _helpers.Append(_own))
            group.ThrowIfFailed();
        index = -1;
        return _own.IsCancelled ? null : WaitResult.TimedOut;
    }

    /// <summary>
    /// The group that took the lowest index; but an abandoned mutex is kept, for its next owner would not be told again (W31), and so is what is not ours.
    /// </summary>
    private Group? Best() => _own is { Taken: not null, Result: WaitResult.Abandoned } or { Taken.IsForeign: true }
        ? _own
        : _helpers.Append(_own).Where(g => g.Taken is not null).MinBy(g => g.Taken!.Value.Index);

    /// <summary>Also when somebody interrupts this thread: what the others took must not be lost.</summary>
    private static void Join(List<Thread> threads)
    {
        bool interrupted = false;
        for (int i = 0; i < threads.Count;)
        {
            try
            {
                threads[i].Join();
                i++;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }
        if (interrupted)
            Thread.CurrentThread.Interrupt();
    }

    private static SharedObjectException TooManyOfThread(int count) => new(FailureReason.LimitReached,
        $"Waiting for any of {count:N0} mutexes and wait handles failed: they belong to the thread that takes them, and on Windows one thread waits for at most {MostOfCaller} " +
        "together with more than it takes in one call. Wait for fewer of them, or guard several things by one.");

    private readonly record struct Member(IKernelWaitable Waitable, nint Handle, int Index)
    {
        public bool BelongsToThread => Waitable is KernelMutex or KernelFlowLock || IsForeign;

        public bool IsForeign => Waitable is ForeignHandle;

        public void GiveBack() => Waitable.GiveBack(Handle);
    }

    /// <summary>What one thread waits for, and what came of it.</summary>
    private sealed class Group(Member[] members, KernelHandle? over)
    {
        private int _error;

        public Member[] Members => members;

        public Member? Taken { get; private set; }

        public WaitResult Result { get; private set; }

        public bool IsCancelled { get; private set; }

        /// <summary>Takes at most one of the members, and ends the sleep of the other groups.</summary>
        public void Sleep(nint token, TimeSpan timeout)
        {
            nint* handles = stackalloc nint[Win32.MostWaits];
            int count = 0;
            // First: where another group has taken something, this one takes nothing.
            if (over is not null)
                handles[count++] = over.DangerousGetHandle();
            int first = count;
            foreach (Member member in members)
                handles[count++] = member.Handle;
            if (token != 0)
                handles[count++] = token;

            uint result = KernelWait.Sleep(handles, count, all: false, timeout);
            if (result == Win32.WaitFailed)
                _error = WindowsErrors.Last;
            bool abandoned = result >= Win32.WaitAbandoned && result < Win32.WaitAbandoned + count;
            long slot = (abandoned ? result - Win32.WaitAbandoned : result) - first;
            if (slot >= 0 && slot < members.Length)
            {
                Taken = members[slot];
                Result = abandoned ? WaitResult.Abandoned : WaitResult.Signaled;
            }
            IsCancelled = token != 0 && slot == members.Length;
            if (over is not null)
                _ = Kernel32.SetEvent(over);
        }

        public void ThrowIfFailed()
        {
            if (_error == 0)
                return;
            SharedObjectInfo identity = members[0].Waitable.Identity;
            throw WindowsErrors.Translate("WaitForMultipleObjectsEx", _error,
                $"Waiting for any of many objects, {identity.Kind.ToString().ToLowerInvariant()} \"{identity.Name}\" among them,");
        }
    }
}

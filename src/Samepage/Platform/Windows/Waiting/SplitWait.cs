namespace Samepage.Platform.Windows.Waiting;

/// <summary>A thread's wait for any of several with mutexes, which it must take itself, and flow locks, which it must not (W34).</summary>
/// <remarks>
/// The thread sleeps on all but the flow locks, one of ours on those. Whoever takes something ends the other's sleep, so mostly one has taken something. Of two
/// one is given back: the lower is kept, but before all one that was abandoned.
/// </remarks>
internal static class SplitWait
{
    public static bool IsFor(ReadOnlySpan<WaitableBackend> backends)
    {
        foreach (WaitableBackend backend in backends)
        {
            if (backend is KernelMutex)
                return true;
        }
        return false;
    }

    /// <summary>Null: cancelled.</summary>
    public static WaitResult? Any(ReadOnlySpan<WaitableBackend> backends, TimeSpan timeout, CancellationToken token, out int index)
    {
        (WaitableBackend[] own, int[] ownPlaces) = Select(backends, flows: false);
        (WaitableBackend[] flows, int[] flowPlaces) = Select(backends, flows: true);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(token);
        using var over = new CancellationTokenSource();
        nint[] handles = KernelWaitSeveral.HoldAll(own);
        try
        {
            FlowWait other = FlowWait.Begin(flows, timeout == TimeSpan.Zero ? timeout : Timeout.InfiniteTimeSpan, ended, over.Token);
            WaitResult? result;
            int at;
            try
            {
                result = KernelWaitSeveral.AnyHeld(own, handles, timeout, ended.Token, out at);
            }
            catch
            {
                over.Cancel();
                _ = other.End(out _);
                other.GiveBack();
                throw;
            }
            over.Cancel();
            WaitResult? theirs = other.End(out int theirAt);
            if (at < 0 && theirAt < 0)
            {
                other.ThrowIfFailed();
                index = -1;
                return result;
            }
            // What .NET's own handles gave cannot be given back; the word of an abandoned mutex cannot, either, and that of a tether stays.
            bool keepsOwn = theirAt < 0
                || at >= 0 && (own[at] is ForeignHandle || own[at] is KernelMutex && result == WaitResult.Abandoned || theirs != WaitResult.Abandoned && ownPlaces[at] < flowPlaces[theirAt]);
            if (keepsOwn)
                other.GiveBack();
            else if (at >= 0)
                ((IKernelWaitable)own[at]).GiveBack(handles[at]);
            index = keepsOwn ? ownPlaces[at] : flowPlaces[theirAt];
            return keepsOwn ? result : theirs;
        }
        finally
        {
            KernelWaitSeveral.LetGo(own);
        }
    }

    /// <summary>The kernel takes all at one moment for one thread, and here there would have to be two.</summary>
    public static NotSupportedException RefusedForAll(ReadOnlySpan<WaitableBackend> backends)
    {
        (WaitableBackend[] own, _) = Select(backends, flows: false);
        (WaitableBackend[] flows, _) = Select(backends, flows: true);
        return new NotSupportedException(
            $"Mutex \"{((IKernelWaitable)own.First(b => b is KernelMutex)).Identity.Name}\" and lock \"{((IKernelWaitable)flows[0]).Identity.Name}\" cannot both be taken by one wait for all on Windows: " +
            "a mutex belongs to the thread that waits, a lock to one of the library, and the system takes all at one moment for one thread only. Open both as SharedLock.");
    }

    private static (WaitableBackend[] Selected, int[] Places) Select(ReadOnlySpan<WaitableBackend> backends, bool flows)
    {
        var selected = new List<WaitableBackend>(backends.Length);
        var places = new List<int>(backends.Length);
        for (int i = 0; i < backends.Length; i++)
        {
            if (backends[i] is KernelFlowLock != flows)
                continue;
            selected.Add(backends[i]);
            places.Add(i);
        }
        return ([.. selected], [.. places]);
    }
}

using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform.Linux.Tethers;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Platform.Linux.Locks;

/// <summary>Another process whose locks somebody here waits for: watched once, and when all of it is gone its locks' sleepers are woken.</summary>
/// <remarks>The kernel ends a tether when the last thread of its process has ended: from then on nothing of that process touches anything.</remarks>
internal sealed unsafe class PeerLife
{
    // Guards all of this.
    private static readonly Lock _gate = new();
    private static readonly Dictionary<(SharedObjectScope Scope, ulong Tether), PeerLife> _all = [];

    // Held here, or it would be collected, and nobody told.
    private readonly TetherWatch _watch;

    // The table still has a block whose finalizer has unmapped the word; a weak reference has lost it before the finalizer runs.
    private readonly ConditionalWeakTable<WaitBlock, WeakReference<WaitBlock>> _locks = [];

    private PeerLife(TetherWatch watch) => _watch = watch;

    /// <summary>False: it is gone. True: when it goes, those who sleep on the lock then are woken, and the word loses its mark.</summary>
    public static bool IsAlive(SharedObjectScope scope, ulong tether, WaitBlock waitedFor)
    {
        lock (_gate)
        {
            if (!_all.TryGetValue((scope, tether), out PeerLife? peer))
            {
                if (ObjectDirectory.ToLookAt(scope) is not { } directory)
                    return false;
                if (TetherWatch.TryWatch(directory, TetherName.OfProcess(tether)) is not { } watch)
                    return false;
                peer = new PeerLife(watch);
                if (!watch.TryNotify(() => peer.Gone(scope, tether)))
                {
                    watch.Release();
                    return false;
                }
                _all.Add((scope, tether), peer);
            }
            if (!peer._locks.TryGetValue(waitedFor, out _))
                peer._locks.Add(waitedFor, new WeakReference<WaitBlock>(waitedFor));
            return true;
        }
    }

    private void Gone(SharedObjectScope scope, ulong tether)
    {
        lock (_gate)
        {
            // First: whoever has left a mark and looks here again does not go to sleep.
            _ = _all.Remove((scope, tether));
            foreach ((_, WeakReference<WaitBlock> waitedFor) in _locks)
            {
                if (!waitedFor.TryGetTarget(out WaitBlock? block))
                    continue;
                Futex.ClearAndWakeAll(block.Word, LockWord.Waiters);
                CrashSwitch.Reach(CrashPoint.LockUnmarked);
                GC.KeepAlive(block);
            }
        }
        _watch.Release();
    }
}

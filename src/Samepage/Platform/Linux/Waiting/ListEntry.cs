using System.Globalization;
using System.Runtime.CompilerServices;
using Samepage.Atomics;

namespace Samepage.Platform.Linux.Waiting;

/// <summary>The list node of a word that the kernel looks after: on the list of one thread of this process at most, whatever a stranger makes of the word.</summary>
/// <remarks>
/// Who takes the word is its only owner, if nobody lies. Were the node entered in a second list for a lie, each thread would follow pointers of the other's. So
/// this process keeps its own account of it. A word that only one of its threads ever takes, the common case, needs no exchange for that.
/// Protocol: docs/design/mutex.md.
/// </remarks>
internal sealed class ListEntry(nint node)
{
    private const nint OfOneThread = 0, BecomesShared = 1, Shared = 2;

    private readonly Lock _gate = new();

    /// <summary>The <see cref="RobustThread.Identity"/> of the thread on whose list it is, or was when it died.</summary>
    private long _linked;

    /// <summary>The first thread that entered it.</summary>
    private long _first;
    private nint _sharing;
    private nint _entering;

    public long Linked => SharedAtomics.Acquire(ref _linked);

    /// <summary>The thread on whose list it is lives, so the node must stay where it is.</summary>
    public bool IsLinked => Linked is var linked and not 0 && !HasEnded((uint)linked);

    /// <summary>Enters it in this thread's list. False: it is on that of another one, which lives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryLink(RobustThread me)
    {
        if (_first != me.Identity)
            return TryLinkShared(me);
        // SYNC(entering): pairs with the fence in Share, which stands for one between this store and the load behind it.
        SharedAtomics.Release(ref _entering, 1);
        bool alone = SharedAtomics.Acquire(ref _sharing) == OfOneThread;
        if (alone)
        {
            _linked = me.Identity;
            me.Link(node);
        }
        SharedAtomics.Release(ref _entering, 0);
        return alone || TryLinkShared(me);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unlink(RobustThread me)
    {
        me.Unlink(node);
        SharedAtomics.Release(ref _linked, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryLinkShared(RobustThread me)
    {
        if (SharedAtomics.CompareExchange(ref _first, 0, me.Identity))
            return TryLink(me);
        if (SharedAtomics.Acquire(ref _sharing) != Shared)
            Share();
        while (true)
        {
            long linked = Linked;
            if (linked != 0 && (uint)linked != me.ThreadId && !HasEnded((uint)linked))
                return false;
            if (!SharedAtomics.CompareExchange(ref _linked, linked, me.Identity))
                continue;
            me.Link(node);
            return true;
        }
    }

    /// <summary>From now on the first thread exchanges as well.</summary>
    private void Share()
    {
        lock (_gate)
        {
            SharedAtomics.Release(ref _sharing, BecomesShared);
            // SYNC(entering): pairs with the store in TryLink.
            SharedAtomics.FenceAllThreads();
            while (SharedAtomics.Acquire(ref _entering) != 0)
                Thread.Yield();
            SharedAtomics.Release(ref _sharing, Shared);
        }
    }

    /// <summary>True also for a thread that is just ending: the kernel has looked after its list, or does so without this thread.</summary>
    private static bool HasEnded(uint thread)
    {
        const int Flags = 6;            // field 9 of proc(5), of which these come behind the name in brackets
        const uint Exiting = 0x4;       // PF_EXITING
        try
        {
            string status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{thread}/stat"));
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return (uint.Parse(fields[Flags], CultureInfo.InvariantCulture) & Exiting) != 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}

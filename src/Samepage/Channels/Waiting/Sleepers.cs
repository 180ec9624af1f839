using System.Numerics;
using System.Runtime.CompilerServices;
using Samepage.Atomics;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Channels;

/// <summary>Those ends of a channel that sleep until there is news for them, and how they are woken.</summary>
/// <remarks>
/// Who has news publishes it and looks whether somebody sleeps; who wants to sleep says so and looks whether there is news. Between each two a full fence must
/// stand. For the first it would cost more than a message: as long as nobody is careful it is left out, and whoever becomes careful makes up for it by a barrier
/// that reaches all processes. Proof: docs/design/sleeping.md; model: tests/models/sleeping.pml.
/// </remarks>
internal sealed unsafe class Sleepers : IDisposable
{
    private readonly ulong* _careful;
    private readonly ulong* _asleep;
    private readonly int _words;
    private readonly int _ends;
    private readonly BellBoard _bells;

    /// <param name="block">Address of the <see cref="SleeperBlock"/>; the caller keeps it mapped.</param>
    /// <param name="ends">How many ends there can be.</param>
    /// <param name="bells">Theirs; disposed with this.</param>
    public Sleepers(nint block, int ends, BellBoard bells)
    {
        _careful = (ulong*)(block + SleeperBlock.CarefulOffset);
        _asleep = (ulong*)(block + SleeperBlock.AsleepOffset);
        _words = SleeperBlock.WordsFor(ends);
        _ends = ends;
        _bells = bells;
    }

    /// <summary>How often this process woke one of them.</summary>
    public long Rings => _bells.Rings;

    /// <summary>The name of the channel.</summary>
    public string Channel => _bells.Channel;

    /// <summary>This process will have news. Before its first.</summary>
    public void Announce()
    {
        if (Host.Platform.TryBecomeReachable())
            return;
        SharedAtomics.Or(_careful, SleeperBlock.Unreachable);
        CrashSwitch.Reach(CrashPoint.SleeperCareful);
    }

    /// <summary>Somebody may sleep, or be about to: whoever has news must look, after a fence.</summary>
    // SYNC(careful): pairs with the exchange in BecomeCareful and the barrier there.
    public bool MaySleep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SharedAtomics.Acquire(_careful) != 0 || _words > 1;
    }

    /// <summary>There is news, which was published by a release.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Wake()
    {
        if (MaySleep)
            WakeCarefully();
    }

    /// <summary>As <see cref="Wake"/>, wherever nothing says whether somebody is careful.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void WakeCarefully()
    {
        SharedAtomics.Fence();
        for (int word = 0; word < _words; word++)
        {
            for (ulong bits = Asleep(word); bits != 0; bits &= bits - 1)
                Ring(SleeperBlock.EndOf(word, BitOperations.TrailingZeroCount(bits)));
        }
    }

    // SYNC(asleep): pairs with the exchange in FallAsleep; fenced on both sides.
    private ulong Asleep(int word) => SharedAtomics.Acquire(_asleep + word) & SleeperBlock.EndsIn(word, _ends);

    /// <summary>Told of an end that says that it sleeps and cannot be woken.</summary>
    public Action<int>? Unanswered { get; set; }

    private void Ring(int end)
    {
        if (!_bells.TryRing(end))
            Unanswered?.Invoke(end);
    }

    /// <summary>As <see cref="WakeCarefully"/>, for news that only this end can use.</summary>
    public void WakeEnd(int end)
    {
        SharedAtomics.Fence();
        // SYNC(asleep): pairs with the exchange in FallAsleep; fenced on both sides.
        if ((SharedAtomics.Acquire(_asleep + SleeperBlock.WordOf(end)) & SleeperBlock.BitOf(end)) != 0)
            Ring(end);
    }

    /// <summary>For people: this end went to sleep, and has found nothing since.</summary>
    // SYNC(asleep): pairs with nothing: what is seen is old when it is told.
    public static bool IsAsleep(nint block, int end) =>
        (SharedAtomics.Acquire((ulong*)(block + SleeperBlock.AsleepOffset) + SleeperBlock.WordOf(end)) & SleeperBlock.BitOf(end)) != 0;

    public SharedEvent MakeBell(int end) => _bells.Make(end);

    /// <summary>From now on everybody looks, after a fence, whether this end sleeps.</summary>
    public void BecomeCareful(int end)
    {
        // SYNC(careful): pairs with the acquire in Wake.
        SharedAtomics.Or(_careful + SleeperBlock.WordOf(end), SleeperBlock.BitOf(end));
        CrashSwitch.Reach(CrashPoint.SleeperCareful);
        // Also where somebody cannot be reached: others do not look behind a fence before they have seen that.
        if (Host.Platform.TryReachAll())
            return;
        SharedAtomics.Or(_careful, SleeperBlock.Unreachable);
        CrashSwitch.Reach(CrashPoint.SleeperCareful);
    }

    /// <summary>This end will not sleep for a while: nobody need look.</summary>
    public void BecomeCareless(int end)
    {
        SharedAtomics.And(_careful + SleeperBlock.WordOf(end), ~SleeperBlock.BitOf(end));
        CrashSwitch.Reach(CrashPoint.SleeperCareless);
    }

    /// <summary>Before the last look for news.</summary>
    public void FallAsleep(int end)
    {
        // SYNC(asleep): pairs with the acquire in WakeCarefully.
        SharedAtomics.Or(_asleep + SleeperBlock.WordOf(end), SleeperBlock.BitOf(end));
        CrashSwitch.Reach(CrashPoint.SleeperAsleep);
    }

    public void Awake(int end)
    {
        SharedAtomics.And(_asleep + SleeperBlock.WordOf(end), ~SleeperBlock.BitOf(end));
        CrashSwitch.Reach(CrashPoint.SleeperAwake);
    }

    /// <summary>Nothing is known of this end: it is another one's from now on, or nobody's.</summary>
    public void Forget(int end)
    {
        Awake(end);
        BecomeCareless(end);
    }

    public void Dispose() => _bells.Dispose();
}

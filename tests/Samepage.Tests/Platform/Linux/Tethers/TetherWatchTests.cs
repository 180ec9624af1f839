using System.Runtime.CompilerServices;
using Samepage.Platform.Linux;
using Samepage.Platform.Linux.Tethers;
using Samepage.Platform.Linux.Waiting;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux.Tethers;

/// <summary>What this process keeps open for what it watches, and until when.</summary>
public sealed class TetherWatchTests
{
    private static readonly CancellationToken _token = TestContext.Current.CancellationToken;

    private static ObjectDirectory Directory => ObjectDirectory.Of(SharedObjectScope.Local, create: true)!;

    [Fact]
    public void All_handles_of_one_tether_share_one_open_file_which_goes_with_the_last()
    {
        using var held = HeldTether.Hold(Directory, null);
        Assert.Equal(1, OpenCount(held));
        TetherWatch one = Watch(held), other = Watch(held);
        Assert.Same(one, other);
        Assert.Equal(2, OpenCount(held));
        one.Release();
        Assert.Equal(2, OpenCount(held));
        other.Release();
        Assert.Equal(1, OpenCount(held));
        TetherWatch again = Watch(held);
        Assert.NotSame(one, again);
        Assert.Equal(2, OpenCount(held));
        again.Release();
        Assert.Equal(1, OpenCount(held));
    }

    [Fact]
    public void What_was_told_is_not_kept_open()
    {
        var held = HeldTether.Hold(Directory, null);
        TetherWatch watch = Watch(held);
        held.Dispose();
        using var tether = new WatchedTether(watch, _info);
        Assert.Equal(WaitResult.Signaled, tether.Wait(Timeout.InfiniteTimeSpan, _token));
        Assert.Equal(0, OpenCount(held));
    }

    [Fact]
    public void What_nobody_waits_for_any_more_is_closed_when_it_is_collected()
    {
        using var held = HeldTether.Hold(Directory, null);
        WaitInVainAndDispose(held);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(1, OpenCount(held));
        // Nothing is in the way of watching it again.
        TetherWatch again = Watch(held);
        Assert.Equal(2, OpenCount(held));
        again.Release();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WaitInVainAndDispose(HeldTether held)
    {
        using var tether = new WatchedTether(Watch(held), _info);
        Assert.Equal(WaitResult.TimedOut, tether.Wait(TimeSpan.FromMilliseconds(30), CancellationToken.None));
    }

    [Fact]
    public void Who_comes_to_sleep_after_the_last_handle_was_closed_is_refused()
    {
        using var held = HeldTether.Hold(Directory, null);
        var tether = new WatchedTether(Watch(held), _info);
        RobustThread me = RobustThread.Current;
        uint begun = tether.Begin();
        tether.Dispose();
        Assert.Null(tether.TryTake(me, begun));
        Assert.Throws<ObjectDisposedException>(() => tether.TryMark(me, begun, out _));
    }

    [Fact]
    public void The_limit_of_open_files_is_an_exception_when_joining_and_when_watching() =>
        Child.Do(MeetsTheLimit, root: Scene.NewRoot(), shell: "ulimit -n 256;");

    [ChildPart]
    private static void MeetsTheLimit()
    {
        using SharedEvent signal = SharedEvent.Create("e", EventResetMode.AutoReset);
        using SharedMembership first = signal.Join();
        Assert.True(signal.Participants()[0].TryWatch(out SharedTether? told));
        // What the runtime loads for a wait and for a failure is loaded while there are files left for it.
        Assert.Equal(WaitResult.TimedOut, told.Wait(TimeSpan.FromMilliseconds(1)));
        Scene.Refusal(FailureReason.NotFound, () => SharedEvent.Open("no"));
        SharedParticipant participant;
        using (SharedMembership second = signal.Join())
            participant = signal.Participants().Single(p => p.Id == second.Id);
        Assert.False(participant.TryWatch(out _));
        using SharedMembership watched = signal.Join();
        participant = signal.Participants().Single(p => p.Id == watched.Id);
        var memberships = new List<SharedMembership>();
        try
        {
            SharedObjectException refused = Scene.Refusal(FailureReason.OutOfSpace, () =>
            {
                for (int i = 0; i < 1_000; i++)
                    memberships.Add(signal.Join());
            });
            Assert.Contains("ulimit -n", refused.Message, StringComparison.Ordinal);
            Scene.Refusal(FailureReason.OutOfSpace, () => participant.TryWatch(out _));
            first.Dispose();
            Assert.Equal(WaitResult.Signaled, told.Wait());
        }
        finally
        {
            memberships.ForEach(m => m.Dispose());
        }
        Assert.True(participant.TryWatch(out SharedTether? tether));
        tether.Dispose();
        // What could not be finished left nothing behind.
        Assert.Empty(SharedObjects.FindOrphans());
        Assert.Equal(watched.Id, Assert.Single(signal.Participants()).Id);
    }

    private static readonly SharedObjectInfo _info =
        new() { Name = "x", Kind = SharedObjectKind.Tether, Scope = SharedObjectScope.Local, Size = 0 };

    private static TetherWatch Watch(HeldTether held) =>
        TetherWatch.TryWatch(Directory, held.Name) ?? throw new InvalidOperationException("it is gone");

    private static int OpenCount(HeldTether held) => OpenFiles.Count(held.Name.ToString());
}

using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Platform.Linux.Waiting;

/// <summary>Events without a name: they take part in every wait, and leave nothing on the disk or among the open files.</summary>
public sealed class UnnamedEventTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void It_is_made_unset_and_stays_set_until_it_is_reset()
    {
        using EventBackend one = Host.Platform.CreateUnnamedEvent();
        Assert.Equal((EventResetMode.ManualReset, null), (one.Mode, one.Info.Name));
        Assert.Equal(WaitResult.TimedOut, one.Wait(TimeSpan.Zero, CancellationToken.None));
        one.Set();
        Assert.True(one.Info.State!.IsSignaled);
        Assert.Equal(WaitResult.Signaled, one.Wait(TimeSpan.Zero, CancellationToken.None));
        Assert.Equal(WaitResult.Signaled, one.Wait(TimeSpan.Zero, CancellationToken.None));
        one.Reset();
        Assert.Equal(WaitResult.TimedOut, one.Wait(TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task It_ends_waits_for_any_and_for_all_and_asynchronous_ones()
    {
        foreach (int last in new[] { 0, 1 })
        {
            using EventBackend one = Host.Platform.CreateUnnamedEvent();
            using EventBackend other = Host.Platform.CreateUnnamedEvent();
            EventBackend[] both = [one, other];
            (WaitResult?, int) any = default, all = default;
            var anyWaiter = new WaitingThread(() => any = (Host.Platform.WaitAny(both, _patience, CancellationToken.None, out int index), index));
            var allWaiter = new WaitingThread(() => all = (Host.Platform.WaitAll(both, _patience, CancellationToken.None, out int index), index));
            ValueTask<SharedWaitResult> anyAsync = Host.Platform.WaitAnyAsync(both, _patience, CancellationToken.None).ResultOfSeveral;
            ValueTask<SharedWaitResult> allAsync = Host.Platform.WaitAllAsync(both, _patience, CancellationToken.None).ResultOfSeveral;
            anyWaiter.AssertAsleep();
            allWaiter.AssertAsleep();

            both[1 - last].Set();
            Assert.Null(anyWaiter.End());
            Assert.Equal((WaitResult.Signaled, 1 - last), any);
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, 1 - last), await anyAsync);
            Assert.False(allAsync.IsCompleted);
            both[last].Set();
            Assert.Null(allWaiter.End());
            Assert.Equal((WaitResult.Signaled, -1), all);
            Assert.Equal(new SharedWaitResult(WaitResult.Signaled, -1), await allAsync);
        }
    }

    [Fact]
    public void It_leaves_no_file_and_no_open_file()
    {
        _ = Scene.LocalDirectory;
        int files = Directory.GetFiles(Scene.LocalDirectory).Length;
        int open = Directory.GetFiles("/proc/self/fd").Length;
        EventBackend[] many = [.. Enumerable.Range(0, 500).Select(_ => Host.Platform.CreateUnnamedEvent())];
        // Other tests open some meanwhile, but not as many.
        Assert.InRange(Directory.GetFiles(Scene.LocalDirectory).Length, 0, files + 250);
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, open + 250);
        foreach (EventBackend one in many)
            one.Dispose();
    }
}

using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>How all waits behave: W35.</summary>
public sealed class WaitingTests
{
    public static TheoryData<SharedObjectKind> Waitables() =>
        [SharedObjectKind.Mutex, SharedObjectKind.Event, SharedObjectKind.Semaphore];

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W35_A_wait_ends_when_it_is_signalled(SharedObjectKind kind)
    {
        string name = Expect.NewName();
        using SharedWaitable awaited = CreateUnavailable(kind, name);
        using Peer peer = Peer.Start();
        peer.Do(OpenVerb(kind), "w", name);
        peer.Begin("wait", "w", -1);
        Assert.False(peer.IsDoneWithin(TimeSpan.FromMilliseconds(100)));
        Signal(awaited);
        Assert.Equal("Signaled", peer.End());
    }

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W21_Waiters_are_counted_where_the_system_tells(SharedObjectKind kind)
    {
        string name = Expect.NewName();
        using SharedWaitable awaited = CreateUnavailable(kind, name);
        using Peer peer = Peer.Start();
        peer.Do(OpenVerb(kind), "w", name);
        peer.Begin("wait", "w", -1);
        Assert.True(SpinWait.SpinUntil(() => SharedObjects.Find(name)!.State!.WaiterCount == (OperatingSystem.IsWindows() ? null : 1), TimeSpan.FromSeconds(30)));
        Signal(awaited);
        Assert.Equal("Signaled", peer.End());
        Assert.Equal(OperatingSystem.IsWindows() ? null : 0, awaited.Info.State!.WaiterCount);
    }

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W35_A_wait_can_be_cancelled_and_takes_nothing(SharedObjectKind kind)
    {
        using SharedWaitable awaited = CreateUnavailable(kind, Expect.NewName());
        for (int round = 0; round < 20; round++)
        {
            using var cancellation = new CancellationTokenSource();
            using var begun = new ManualResetEventSlim();
            Task<WaitResult> waiter = Expect.Begin(() =>
            {
                begun.Set();
                return awaited.Wait(cancellation.Token);
            });
            begun.Wait();
            if (round % 2 == 0)
                Assert.False(((IAsyncResult)waiter).AsyncWaitHandle.WaitOne(10));
            cancellation.Cancel();
            var cancelled = Assert.Throws<OperationCanceledException>(() => Expect.Result(waiter));
            Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        }
        Signal(awaited);
        Assert.Equal(WaitResult.Signaled, Expect.OnAnotherThread(() => awaited.Wait(TimeSpan.Zero)));
    }

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W35_A_token_that_was_cancelled_before_ends_the_wait_at_its_beginning(SharedObjectKind kind)
    {
        using SharedWaitable awaited = CreateUnavailable(kind, Expect.NewName());
        Signal(awaited);
        Assert.Throws<OperationCanceledException>(() => awaited.Wait(new CancellationToken(canceled: true)));
        Assert.Throws<OperationCanceledException>(() => awaited.Wait(TimeSpan.Zero, new CancellationToken(canceled: true)));
        Assert.Equal(WaitResult.Signaled, awaited.Wait(TimeSpan.Zero));
    }

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W35_A_wait_with_a_token_is_signalled_and_times_out_as_any_other(SharedObjectKind kind)
    {
        using SharedWaitable awaited = CreateUnavailable(kind, Expect.NewName());
        using var cancellation = new CancellationTokenSource();
        Assert.Equal(WaitResult.TimedOut, Expect.OnAnotherThread(() => awaited.Wait(TimeSpan.FromMilliseconds(30), cancellation.Token)));
        Task<WaitResult> waiter = Expect.Begin(() => awaited.Wait(Peer.Patience, cancellation.Token));
        Signal(awaited);
        Assert.Equal(WaitResult.Signaled, Expect.Result(waiter));
    }

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W35_One_waiter_that_is_cancelled_leaves_the_others_waiting(SharedObjectKind kind)
    {
        string name = Expect.NewName();
        using SharedWaitable awaited = CreateUnavailable(kind, name);
        using Peer peer = Peer.Start();
        peer.Do(OpenVerb(kind), "w", name);
        peer.Begin("wait", "w", -1);
        for (int i = 0; i < 10; i++)
        {
            using var cancellation = new CancellationTokenSource(i);
            Assert.Throws<OperationCanceledException>(() => Expect.OnAnotherThread(() => awaited.Wait(cancellation.Token)));
        }
        Assert.False(peer.IsDoneWithin(TimeSpan.FromMilliseconds(20)));
        Signal(awaited);
        Assert.Equal("Signaled", peer.End());
    }

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W35_Times_that_cannot_be_are_refused_and_very_long_ones_are_not(SharedObjectKind kind)
    {
        using SharedWaitable awaited = CreateUnavailable(kind, Expect.NewName());
        Assert.Throws<ArgumentOutOfRangeException>(() => awaited.Wait(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => awaited.Wait(TimeSpan.MinValue));
        Signal(awaited);
        Assert.Equal(WaitResult.Signaled, awaited.Wait(TimeSpan.MaxValue));
    }

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W35_A_very_long_wait_is_one_that_can_still_be_signalled(SharedObjectKind kind)
    {
        using SharedWaitable awaited = CreateUnavailable(kind, Expect.NewName());
        foreach (TimeSpan time in new[] { TimeSpan.MaxValue, TimeSpan.FromDays(10_000), TimeSpan.FromDays(50), Timeout.InfiniteTimeSpan })
        {
            Task<WaitResult> waiter = Expect.Begin(() =>
            {
                WaitResult result = awaited.Wait(time);
                (awaited as SharedMutex)?.Release();
                return result;
            });
            Assert.False(((IAsyncResult)waiter).AsyncWaitHandle.WaitOne(20));
            Signal(awaited);
            Assert.Equal(WaitResult.Signaled, Expect.Result(waiter));
            (awaited as SharedMutex)?.Wait();
        }
        (awaited as SharedMutex)?.Release();
    }

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W35_A_closed_handle_refuses_its_use(SharedObjectKind kind)
    {
        SharedWaitable awaited = CreateUnavailable(kind, Expect.NewName());
        awaited.Dispose();
        Assert.Throws<ObjectDisposedException>(() => awaited.Wait(TimeSpan.Zero));
        Assert.Throws<ObjectDisposedException>(() => awaited.Wait());
        Assert.Throws<ObjectDisposedException>(() => awaited.Info);
        Assert.Throws<ObjectDisposedException>(() => Signal(awaited));
    }

    internal static SharedWaitable CreateUnavailable(SharedObjectKind kind, string name)
    {
        if (kind == SharedObjectKind.Mutex)
            return SharedMutex.Create(name, initiallyOwned: true);
        return kind == SharedObjectKind.Event
            ? SharedEvent.Create(name, EventResetMode.AutoReset)
            : SharedSemaphore.Create(name, 0, 1);
    }

    internal static void Signal(SharedWaitable awaited)
    {
        if (awaited is SharedMutex mutex)
            mutex.Release();
        else if (awaited is SharedEvent signal)
            signal.Set();
        else
            _ = ((SharedSemaphore)awaited).Release();
    }

    internal static string OpenVerb(SharedObjectKind kind) => $"open-{kind.ToString().ToLowerInvariant()}";
}

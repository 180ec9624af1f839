using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>That waiting costs no processor, and leaves no memory behind: W34, W35.</summary>
/// <remarks>Alone: what others use at the same time, or the system for their sake, is not what is measured.</remarks>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Idleness;

[Collection(typeof(Idleness))]
public sealed class IdleTests
{
    public static TheoryData<SharedObjectKind> Waitables() => WaitingTests.Waitables();

    [Theory]
    [MemberData(nameof(Waitables))]
    public void W35_A_waiter_uses_no_processor(SharedObjectKind kind)
    {
        string name = Expect.NewName();
        using SharedWaitable awaited = WaitingTests.CreateUnavailable(kind, name);
        using Peer peer = Peer.Start();
        peer.Do(WaitingTests.OpenVerb(kind), "w", name);
        // Once to the end, so that what runs once has run.
        Assert.Equal("TimedOut", peer.Do("wait", "w", 50));
        peer.Begin("wait", "w", -1);
        AssertIdle(peer);
        WaitingTests.Signal(awaited);
        Assert.Equal("Signaled", peer.End());
    }

    [Theory]
    [InlineData("any", 3)]
    [InlineData("all", 3)]
    [InlineData("any", 100)]
    public void W34_A_waiter_for_several_uses_no_processor(string verb, int count)
    {
        string name = Expect.NewName();
        SharedSemaphore[] several = [.. Enumerable.Range(0, count).Select(i => SharedSemaphore.Create($"{name}-{i}", 0, 1))];
        using Peer peer = Peer.Start();
        object[] labels = [.. Enumerable.Range(0, count).Select(i => $"s{i}")];
        for (int i = 0; i < count; i++)
            peer.Do("open-semaphore", labels[i], $"{name}-{i}");
        // Once to the end, so that what runs once has run.
        Assert.Equal("TimedOut -1", peer.Do(verb, [50, .. labels]));
        peer.Begin(verb, [-1, .. labels]);
        AssertIdle(peer);
        foreach (SharedSemaphore semaphore in several)
            semaphore.Release();
        Assert.StartsWith("Signaled", peer.End(), StringComparison.Ordinal);
        foreach (SharedSemaphore semaphore in several)
            semaphore.Dispose();
    }

    private static void AssertIdle(Peer peer)
    {
        Assert.False(peer.IsDoneWithin(TimeSpan.FromMilliseconds(100)));
        TimeSpan before = peer.ProcessorTime;
        Assert.False(peer.IsDoneWithin(TimeSpan.FromSeconds(1)));
        TimeSpan used = peer.ProcessorTime - before;
        // Wine's own share is larger; one that polls or spins uses most of the second.
        var most = TimeSpan.FromMilliseconds(Expect.IsWine ? 500 : 100);
        Assert.True(used < most, $"{used.TotalMilliseconds:N0} ms of processor time in a second of waiting.");
    }

    [Fact]
    public async Task W34_A_task_that_never_completes_remembers_nothing_of_the_waits_beside_it()
    {
        const int Rounds = 4_000;
        var timedOut = new SharedWaitResult(WaitResult.TimedOut, -1);
        using SharedEvent shared = SharedEvent.Create(Expect.NewName(), EventResetMode.AutoReset);
        var never = new TaskCompletionSource();
        await Wait(100);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await Wait(Rounds);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        // One continuation alone would be more than a hundred bytes.
        Assert.InRange(after - before, long.MinValue, Rounds * 50);
        GC.KeepAlive(never);

        async Task Wait(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                Assert.Equal(timedOut, SharedWait.Any([shared, never.Task], TimeSpan.FromTicks(1)));
                Assert.Equal(timedOut, await SharedWait.AnyAsync([shared, never.Task], TimeSpan.FromTicks(1)));
            }
        }
    }
}

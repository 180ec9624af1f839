using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Services;

/// <summary>A call allocates nothing, on either side.</summary>
public sealed class ServiceAllocationTests
{
    [Fact]
    public void A_call_allocates_nothing_for_client_and_server()
    {
        using Service<long, long> service = Service<long, long>.Create(Scene.NewName());
        using ServiceClient<long, long> client = service.CreateClient();
        long[] served = new long[6], called = new long[6];
        var serving = new Thread(() =>
        {
            using ServiceServer<long, long> server = service.Serve(WaitStrategy.Block);
            Count(served, () =>
            {
                Assert.True(server.TryTake(Timeout.InfiniteTimeSpan, out ServiceRequest<long, long> request));
                // As every handler does that may be told to stop.
                Assert.False(request.CancellationToken.IsCancellationRequested);
                Assert.True(request.Reply(request.Value + 1));
            });
        });
        serving.Start();
        long next = 0;
        Count(called, () =>
        {
            Assert.True(client.Call(++next, out long answer, Timeout.InfiniteTimeSpan));
            Assert.True(answer == next + 1);
        });
        serving.Join();
        // The first time that one sleeps it makes a bell, and the first time that it finds the other asleep it opens that one's: both may come late, and once.
        Assert.True(called.Count(b => b != 0) <= 2, string.Join(' ', called));
        Assert.True(served.Count(b => b != 0) <= 2, string.Join(' ', served));
    }

#if !DEBUG
    // Without optimisation the compiler makes an object of each asynchronous method.
    [Fact]
    public async Task A_call_that_is_awaited_allocates_nothing_in_the_whole_process()
    {
        using Service<long, long> service = Service<long, long>.Create(Scene.NewName());
        using ServiceClient<long, long> client = service.CreateClient(WaitStrategy.Block);
        using var stop = new CancellationTokenSource();
        Task serving = ServeAsync(service, stop.Token);
        // Without the context of the test, whose posts allocate.
        long least = await Task.Run(() => LeastAllocatedAsync(client), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
        // What else runs in this process allocates now and then, but not for each of a hundred calls.
        Assert.True(least < 100, $"{least} bytes for a hundred calls");
    }

    /// <summary>Until the code that runs is the optimised one, which comes when it has run often enough.</summary>
    private static async Task<long> LeastAllocatedAsync(ServiceClient<long, long> client)
    {
        long least = long.MaxValue;
        for (int batch = 0; batch < 2000 && least >= 100; batch++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 100; i++)
                Assert.True(await client.CallAsync(i) == i + 1);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }

    private static Task ServeAsync(Service<long, long> service, CancellationToken stop) => Task.Run(async () =>
    {
        using ServiceServer<long, long> server = service.Serve(WaitStrategy.Block);
        await server.RunAsync((asked, _) => ValueTask.FromResult(asked + 1), cancellationToken: stop);
    }, stop);
#endif

    private static void Count(long[] allocated, Action round)
    {
        for (int i = 0; i < 200; i++)
            round();
        for (int batch = 0; batch < allocated.Length; batch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                round();
            allocated[batch] = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}

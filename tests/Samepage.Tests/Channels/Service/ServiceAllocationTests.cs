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
        // The first time that one finds the other asleep it opens its bell, which may come late, and once.
        Assert.True(called.Count(b => b != 0) <= 1, string.Join(' ', called));
        Assert.True(served.Count(b => b != 0) <= 1, string.Join(' ', served));
    }

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

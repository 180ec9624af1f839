using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Queues;

/// <summary>What a queue costs while nothing happens in it, and what waits for its messages do.</summary>
public sealed class QueueMemoryTests
{
    private const int Most = 200 * 1024;

    private static readonly byte[] _message = new byte[64];

    [Fact]
    public void An_idle_queue_is_small()
    {
        using Queue queue = Queue.Create(Scene.NewName());
        using QueueReceiver receiver = queue.CreateReceiver();
        using QueueSender sender = queue.CreateSender();
        Assert.True(sender.TrySend(_message));
        Assert.True(receiver.TryReceive(out _));
        Assert.InRange(queue.Info.ResidentBytes, 1, Most);
    }

    [Fact]
    public void Waits_that_find_a_message_or_run_out_allocate_nothing()
    {
        using Queue queue = Queue.Create(Scene.NewName());
        using QueueReceiver receiver = queue.CreateReceiver(WaitStrategy.Block);
        using QueueSender sender = queue.CreateSender();
        Pass(20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Pass(200);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

#pragma warning disable CA2012 // They have completed: there is room, and a message.
        void Pass(int times)
        {
            for (int i = 0; i < times; i++)
            {
                Assert.False(receiver.TryReceive(TimeSpan.FromTicks(1), out _));
                Assert.False(receiver.TryLease(TimeSpan.FromTicks(1), out _));
                Assert.True(sender.Send(_message));
                Assert.True(receiver.TryReceive(Timeout.InfiniteTimeSpan, out _));
            }
        }
#pragma warning restore CA2012
    }
}

using System.Diagnostics;
using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Diagnostics;

/// <summary>Nothing is allocated for a message because somebody listens: neither for the meter, nor for a trace that it is a part of.</summary>
[Collection(typeof(Listening))]
public sealed class ListenedAllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_allocates_nothing(bool isTraced)
    {
        string name = Scene.NewName();
        using var meters = new Meters(name);
        using Traces? traces = isTraced ? new Traces() : null;
        using Activity? test = isTraced ? Traces.Begin() : null;
        using Topic topic = Topic.Create(name, new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher();
        using Queue queue = Queue.Create(name + "q", new QueueOptions { Capacity = 65536 });
        using QueueSender sender = queue.CreateSender();
        using QueueReceiver receiver = queue.CreateReceiver();
        byte[] bytes = new byte[200];
        meters.Collect();
        Allocation.IsNone(() =>
        {
            Assert.True(publisher.TryPublish(bytes) && subscriber.TryRead(out TopicMessage message) && message.Length == 200);
            Assert.True(sender.TrySend(bytes) && receiver.TryReceive(out _));
        });
    }
}

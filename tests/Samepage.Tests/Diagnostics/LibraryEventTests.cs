using System.Diagnostics.Tracing;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Diagnostics;

/// <summary>Rare events are told to who listens, with what there is to say.</summary>
[Collection(typeof(Listening))]
public sealed class LibraryEventTests
{
    [Fact]
    public void Abandonment_damage_and_a_full_channel_are_told()
    {
        using var events = new Events();
        string mutexName = Scene.NewName("mutex"), topicName = Scene.NewName("topic");
        using SharedMutex mutex = SharedMutex.Create(mutexName);
        var dies = new Thread(() => mutex.Wait());
        dies.Start();
        dies.Join();
        Assert.Equal(WaitResult.Abandoned, mutex.Wait(TestContext.Current.CancellationToken));
        mutex.Release();
        Assert.Equal([mutexName], events.Single("MutexAbandoned"));

        using Topic topic = Topic.Create(topicName, new TopicOptions { Capacity = 65536 });
        using TopicSubscriber subscriber = topic.Subscribe();
        using TopicPublisher publisher = topic.CreatePublisher(WaitStrategy.Block);
        while (publisher.TryPublish(new byte[1_000]))
        {
        }
        Assert.False(publisher.WaitToPublish(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
        Assert.Equal(["topic", topicName], events.Single("WriterSleeps"));

        using SharedMemory section = SharedMemory.TryOpenOfKind(SharedObjectKind.Topic, ObjectName.Parse(topicName))!;
        section.Commit(section.Size);
        using MemoryView ring = section.Map(new ChannelLayout(16, 63, 65536).RingOffset(0), 65536);
        ring.GetReference<ulong>(0) = 1;
        Scene.Refusal(FailureReason.Corrupt, () => subscriber.TryRead(out _));
        Assert.Equal(topicName, events.Single("CorruptObject")[0]);
    }

    private sealed class Events : EventListener
    {
        private readonly List<(string Name, object?[] Payload)> _written = [];

        public object?[] Single(string name)
        {
            lock (_written)
                return Assert.Single(_written, written => written.Name == name).Payload;
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Samepage")
                EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventSource.Name != "Samepage")
                return;
            lock (_written)
                _written.Add((eventData.EventName!, [.. eventData.Payload!]));
        }
    }
}

using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;
using Samepage.Tests.Support;

namespace Samepage.Tests.Channels.Waiting;

/// <summary>A stranger wrote into the event that an end sleeps on: whoever waits there is told, and the channel is closed with all that belongs to it.</summary>
public sealed class SpoiledBellTests
{
    [Fact]
    public void A_topic_is_closed_with_its_subscriber()
    {
        using var topic = Topic.Create(Scene.NewName());
        TopicSubscriber subscriber = topic.Subscribe();
        MeetsSpoiledBell(topic.Name, "reader.0", subscriber.Readable, subscriber, topic);
    }

    [Fact]
    public void A_queue_is_closed_with_its_receiver()
    {
        using var queue = Queue.Create(Scene.NewName());
        QueueReceiver receiver = queue.CreateReceiver();
        MeetsSpoiledBell(queue.Name, "reader.0", receiver.Readable, receiver, queue);
    }

    [Fact]
    public void A_service_is_closed_with_its_server()
    {
        using var service = Service.Create(Scene.NewName());
        ServiceServer server = service.Serve();
        MeetsSpoiledBell(service.Name, "reader.0", server.Readable, server, service);
    }

    [Fact]
    public void A_listener_is_closed()
    {
        string name = Scene.NewName();
        var listener = PipeListener.Create(name);
        MeetsSpoiledBell(name, "listener.0", listener.Acceptable, listener);
    }

    private static void MeetsSpoiledBell(string channel, string bell, SharedWaitable waitable, params ReadOnlySpan<IDisposable> open)
    {
        Assert.Equal(WaitResult.TimedOut, waitable.Wait(TimeSpan.Zero));
        Spoil(PartName.Of(ObjectName.Parse(channel), bell));
        for (int i = 0; i < 3; i++)
            _ = Scene.Refusal(FailureReason.Corrupt, () => waitable.Wait(TimeSpan.FromMilliseconds(1)));

        foreach (IDisposable one in open)
            one.Dispose();

        Assert.Equal(0, OpenFiles.Count(channel));
        Assert.False(File.Exists(Scene.PathOf(channel)));
    }

    private static void Spoil(string name)
    {
        using FileStream file = new(Scene.PathOf(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = StateBlock.SecondHalfOffset;
        file.Write(BitConverter.GetBytes(~SignalWord.Withheld));
    }
}

using System.Globalization;
using Samepage.Channels;

namespace Samepage.Peer;

/// <summary>What a process does with topics: its publisher is pub-NAME, its subscriber sub-NAME.</summary>
internal static class TopicCommands
{
    /// <summary>Null: it is no command of these.</summary>
    public static string? Run(OpenObjects objects, string[] words)
    {
        string name = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "topic":
                objects.Add(name, Topic.CreateOrOpen(name, out bool created,
                    new TopicOptions { Capacity = 65536, FullMode = words.Length > 2 ? Enum.Parse<TopicFullMode>(words[2]) : TopicFullMode.Wait }));
                return created ? "created" : "opened";
            case "publisher":
                objects.Add("pub-" + name, objects.Get<Topic>(name).CreatePublisher(WaitStrategy.Block));
                return "";
            case "subscriber":
                objects.Add("sub-" + name, objects.Get<Topic>(name).Subscribe(new SubscriptionOptions { Strategy = WaitStrategy.Block }));
                return "";
            case "publish":
                return Publish(objects.Get<TopicPublisher>("pub-" + name), Number(words[2]), (int)Number(words[3]), (int)Number(words[4]));
            case "publish-batch":
                TopicPublisher publisher = objects.Get<TopicPublisher>("pub-" + name);
                using (publisher.BeginBatch())
                    return Publish(publisher, Number(words[2]), (int)Number(words[3]), (int)Number(words[4]));
            case "lend":
                return objects.Get<TopicPublisher>("pub-" + name).TryLoan((int)Number(words[2]), out _).ToString();
            case "receive":
                return Receive(objects.Get<TopicSubscriber>("sub-" + name), (int)Number(words[2])).ToString(CultureInfo.InvariantCulture);
            case "lease":
                return objects.Get<TopicSubscriber>("sub-" + name).TryRead(out _).ToString();
            case "publish-forever":
                return Torture.Publish(name, Number(words[2]));
            case "subscribe-forever":
                return Torture.Subscribe(name);
            default:
                return null;
        }
    }

    /// <summary>So many messages: numbers from the first on, each of so many bytes.</summary>
    private static string Publish(TopicPublisher publisher, long first, int count, int length)
    {
        var message = new byte[length];
        for (int i = 0; i < count; i++)
        {
            BitConverter.TryWriteBytes(message, first + i);
            publisher.Publish(message);
        }
        return "";
    }

    /// <summary>Waits for so many, and answers with the last one's number.</summary>
    private static long Receive(TopicSubscriber subscriber, int count)
    {
        long last = -1;
        for (int i = 0; i < count; i++)
        {
            using TopicMessage message = subscriber.Read();
            last = BitConverter.ToInt64(message.Span);
        }
        return last;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

using System.Buffers.Binary;
using Samepage.Channels;

namespace Samepage.Conformance.Topics;

/// <summary>Messages that are numbers, of any length from eight bytes.</summary>
internal static class Numbers
{
    /// <summary>The smallest there is.</summary>
    public static TopicOptions Small(TopicFullMode mode = TopicFullMode.Wait) => new() { Capacity = 65536, FullMode = mode };

    public static bool TryPublish(TopicPublisher publisher, long number, int length = 8, uint kind = 0)
    {
        Span<byte> message = stackalloc byte[length];
        BinaryPrimitives.WriteInt64LittleEndian(message, number);
        return publisher.TryPublish(message, kind);
    }

    public static void Publish(TopicPublisher publisher, params ReadOnlySpan<long> numbers)
    {
        foreach (long number in numbers)
            Assert.True(TryPublish(publisher, number));
    }

    /// <summary>Publishes numbers from 0 until there is no room.</summary>
    public static int Fill(TopicPublisher publisher, int length)
    {
        int count = 0;
        while (TryPublish(publisher, count, length))
            count++;
        return count;
    }

    public static long Of(TopicMessage message)
    {
        using (message)
            return BinaryPrimitives.ReadInt64LittleEndian(message.Span);
    }

    public static long? TryRead(TopicSubscriber subscriber) => subscriber.TryRead(out TopicMessage message) ? Of(message) : null;

    /// <summary>All that is there now.</summary>
    public static long[] ReadAll(TopicSubscriber subscriber)
    {
        var all = new List<long>();
        while (TryRead(subscriber) is { } number)
            all.Add(number);
        return [.. all];
    }
}

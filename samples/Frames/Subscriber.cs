using System.Buffers.Binary;
using Samepage.Channels;

namespace Frames;

/// <summary>Looks at frames where they lie. With a pace of its own it takes one for each line of input, and at the end of input the rest.</summary>
internal static class Subscriber
{
    public static int Run(bool paced)
    {
        using Topic topic = Studio.OpenOrMake();
        using TopicSubscriber subscriber = topic.Subscribe();
        Console.Out.WriteLine("ready");
        long taken = 0, before = 0;
        while (true)
        {
            if (paced && Console.In.ReadLine() is null)
                paced = false;
            using TopicMessage message = subscriber.Read();
            if (message.Kind == Frame.Last)
                return Tell(taken, BinaryPrimitives.ReadInt64LittleEndian(message.Span), subscriber.Missed);
            if (Frame.NumberOf(message.Span) is not { } number || number <= before)
                return Fail($"after frame {before} came one that is torn, or out of order.");
            before = number;
            taken++;
            Console.Out.WriteLine($"frame {number}");
        }
    }

    private static int Tell(long taken, long published, long missed)
    {
        Console.Out.WriteLine($"{taken} of {published}, missed {missed}");
        return taken + missed == published ? 0 : Fail("that does not add up.");
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}

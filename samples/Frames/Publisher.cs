using System.Buffers.Binary;
using Samepage.Channels;

namespace Frames;

/// <summary>Publishes a frame for each line of input. It waits for no subscriber, whatever that does.</summary>
internal static class Publisher
{
    public static int Run()
    {
        using Topic topic = Studio.OpenOrMake();
        using TopicPublisher publisher = topic.CreatePublisher();
        long frames = 0;
        while (Console.In.ReadLine() is not null)
        {
            using TopicLoan loan = Loan(publisher, Frame.Bytes);
            // Where it will be read: nothing is copied.
            Frame.Paint(loan.Span, ++frames);
            loan.Publish(Frame.Picture);
            Console.Out.WriteLine($"published {frames}");
        }
        using TopicLoan last = Loan(publisher, sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(last.Span, frames);
        last.Publish(Frame.Last);
        return 0;
    }

    /// <summary>Room is made by dropping the oldest frames; only one that is being read at this moment stays until that is done.</summary>
    private static TopicLoan Loan(TopicPublisher publisher, int length)
    {
        TopicLoan loan;
        while (!publisher.TryLoan(length, out loan))
            _ = publisher.WaitToPublish(Timeout.InfiniteTimeSpan);
        return loan;
    }
}

using System.Runtime.CompilerServices;
using Samepage.Bench.Cases;
using Samepage.Channels;

namespace Samepage.Bench.Rivals.Samepage;

/// <summary>Messages are written where they will be read. Who only sends has no subscriber, who only receives no publisher.</summary>
internal readonly struct TopicEnd(TopicPublisher? publisher, TopicSubscriber? subscriber) : IRivalEnd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Send(int length, ulong number)
    {
        TopicLoan loan;
        while (!publisher!.TryLoan(length, out loan))
            _ = publisher.WaitToPublish(Timeout.InfiniteTimeSpan);
        Words.Fill(loan.Span, number);
        loan.Publish();
    }

    public void SendBatch(int length, ulong number, int count)
    {
        using TopicPublisher.Batch batch = publisher!.BeginBatch();
        for (int i = 0; i < count; i++)
            Send(length, number + (ulong)i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Receive(int length)
    {
        TopicMessage message;
        while (!subscriber!.TryRead(out message))
            _ = subscriber.WaitToRead(Timeout.InfiniteTimeSpan);
        return Words.Read(message.Span);
    }
}

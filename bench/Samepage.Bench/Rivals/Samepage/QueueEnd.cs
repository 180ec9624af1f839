using Samepage.Bench.Cases;
using Samepage.Channels;

namespace Samepage.Bench.Rivals.Samepage;

/// <summary>Messages are written where they will be read. Who only sends has no receiver, who only receives no sender.</summary>
internal readonly struct QueueEnd(QueueSender? sender, QueueReceiver? receiver) : IRivalEnd
{
    public void Send(int length, ulong number)
    {
        QueueLoan loan;
        while (!sender!.TryLoan(length, out loan))
            _ = sender.WaitToSend(Timeout.InfiniteTimeSpan);
        Words.Fill(loan.Span, number);
        loan.Send();
    }

    public ulong Receive(int length)
    {
        QueueMessage message;
        while (!receiver!.TryReceive(out message))
            _ = receiver.WaitToReceive(Timeout.InfiniteTimeSpan);
        return Words.Read(message.Span);
    }
}

using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>A queue whose receivers take each message once, or lease it.</summary>
internal sealed class QueueKind(bool leases) : Kind(leases ? "lease" : "queue")
{
    private const int Priorities = 2;

    public override IReadOnlyList<string> Roles { get; } = ["sender", "sender", "sender", "receiver", "receiver", "receiver"];

    public override bool IsConsumer(string role) => role == "receiver";

    public override IDisposable Prepare(string name) => Queue.Create(name, new QueueOptions { Capacity = 64 << 10, Priorities = Priorities });

    public override void Run(string role, Work work)
    {
        using Queue queue = Queue.Open(work.Name);
        if (role == "sender")
            Send(queue, work);
        else
            Receive(queue, work);
    }

    private static void Send(Queue queue, Work work)
    {
        var buffer = new byte[4_000];
        for (int session = 0; !work.IsEnding; session++)
        {
            using QueueSender sender = queue.CreateSender();
            var numbers = new uint[Priorities];
            for (int left = work.Random.Next(1, 3_000); left > 0 && !work.IsEnding; left--)
            {
                int priority = work.Random.Next(Priorities);
                long id = MessageId.Of(work.Actor, session * Priorities + priority, numbers[priority]++);
                Span<byte> message = buffer.AsSpan(0, work.Length(buffer.Length));
                Payload.Fill(message, id);
                work.History.Begin(MessageCode.Send, id);
                work.History.End(Send(sender, message, priority, work) ? 1 : 0);
                work.Breathe();
            }
        }
    }

    private static bool Send(QueueSender sender, ReadOnlySpan<byte> message, int priority, Work work)
    {
        switch (work.Random.Next(3))
        {
            case 0:
                return sender.TrySend(message, priority);
            case 1:
                return sender.Send(message, priority, work.UpTo(30));
            default:
                if (!sender.TryLoan(message.Length, out QueueLoan loan, priority))
                    return false;
                message.CopyTo(loan.Span);
                loan.Send();
                return true;
        }
    }

    private void Receive(Queue queue, Work work)
    {
        while (true)
        {
            using QueueReceiver receiver = queue.CreateReceiver();
            for (int left = work.Random.Next(1, 3_000); left > 0; left--)
            {
                bool draining = work.IsDraining;
                if (!(leases ? Lease(receiver, work) : Receive(receiver, work)) && draining || work.History.IsFull)
                    return;
                work.Breathe();
            }
        }
    }

    private static bool Receive(QueueReceiver receiver, Work work)
    {
        work.History.Begin(MessageCode.Receive);
        bool came = work.Chance(2) ? receiver.TryReceive(out QueueMessage message) : receiver.TryReceive(work.UpTo(30), out message);
        work.History.End(came ? Payload.Read(message.Span) : 0, came ? message.Deliveries : 0);
        return came;
    }

    private static bool Lease(QueueReceiver receiver, Work work)
    {
        work.History.Begin(MessageCode.Receive);
        bool came = work.Chance(2) ? receiver.TryLease(out QueueMessage message) : receiver.TryLease(work.UpTo(30), out message);
        long id = came ? Payload.Read(message.Span) : 0;
        work.History.End(id, came ? message.Deliveries : 0);
        if (!came)
            return false;
        work.Breathe();
        if (Payload.Read(message.Span) != id)
            throw new FaultException("a leased message changed");
        bool returns = work.Chance(8);
        work.History.Begin(returns ? MessageCode.Return : MessageCode.Acknowledge, id);
        if (returns)
            message.Return();
        else
            message.Acknowledge();
        work.History.End();
        return true;
    }

    public override void Conclude(Work work)
    {
        using Queue queue = Queue.Open(work.Name);
        using QueueReceiver receiver = queue.CreateReceiver();
        while (leases ? Lease(receiver, work) : Receive(receiver, work))
        {
        }
    }

    public override IEnumerable<Rule> Rules => leases
        ? [DeliveryRules.WasSent, DeliveryRules.DoneAtLeastOnce, DeliveryRules.OneHasIt, DeliveryRules.DeliveriesCounted, DeliveryRules.InOrder]
        : [DeliveryRules.WasSent, DeliveryRules.AtMostOnce, DeliveryRules.NotLost, DeliveryRules.InOrder, DeliveryRules.HigherFirst(Priorities)];

    public override string Describe(Operation operation) => Describe<MessageCode>(operation, MessageId.Text, MessageId.Text);
}

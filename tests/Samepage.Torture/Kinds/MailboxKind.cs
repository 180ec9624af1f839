using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>A mailbox with one reader at a time; another one makes a new mailbox when it is gone.</summary>
internal sealed class MailboxKind() : Kind("mailbox")
{
    public override IReadOnlyList<string> Roles { get; } = ["reader", "reader", "writer", "writer", "writer"];

    public override bool IsConsumer(string role) => role == "reader";

    public override IDisposable? Prepare(string name) => null;

    public override void Run(string role, Work work)
    {
        if (role == "writer")
            Write(work);
        else
            Read(work);
    }

    private static void Write(Work work)
    {
        var buffer = new byte[4_000];
        for (int session = 0; !work.IsEnding; session++)
        {
            if (!Mailbox.TryOpenWriter(work.Name, out MailboxWriter? writer))
            {
                work.Breathe();
                continue;
            }
            using (writer)
                Write(writer, session, buffer, work);
        }
    }

    private static void Write(MailboxWriter writer, int session, byte[] buffer, Work work)
    {
        uint number = 0;
        for (int left = work.Random.Next(1, 3_000); left > 0 && !work.IsEnding; left--)
        {
            long id = MessageId.Of(work.Actor, session, number);
            Span<byte> message = buffer.AsSpan(0, work.Length(buffer.Length));
            Payload.Fill(message, id);
            work.History.Begin(MessageCode.Send, id);
            try
            {
                if (work.Chance(2) ? writer.TrySend(message) : writer.Send(message, timeout: work.UpTo(30)))
                {
                    work.History.End(1);
                    number++;
                }
                else
                    work.History.Forget();
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.PeerDied)
            {
                // The reader is gone; whether it had this one it cannot say any more.
                work.History.LeaveOpen();
                return;
            }
            work.Breathe();
        }
    }

    private static void Read(Work work)
    {
        while (true)
        {
            bool draining = work.IsDraining;
            try
            {
                using Mailbox box = Mailbox.Create(work.Name, new QueueOptions { Capacity = 64 << 10 });
                for (int left = work.Random.Next(1, 3_000); left > 0; left--)
                {
                    draining = work.IsDraining;
                    work.History.Begin(MessageCode.Receive);
                    bool came = work.Chance(2) ? box.TryReceive(out QueueMessage message) : box.TryReceive(work.UpTo(30), out message);
                    work.History.End(came ? Payload.Read(message.Span) : 0, came ? message.Deliveries : 0);
                    if (!came && draining || work.History.IsFull)
                        return;
                    work.Breathe();
                }
            }
            catch (SharedObjectException e) when (e.Reason == FailureReason.AlreadyExists)
            {
                if (draining)
                    return;
                work.Breathe();
            }
        }
    }

    public override IEnumerable<Rule> Rules => [DeliveryRules.WasSent, DeliveryRules.AtMostOnce, DeliveryRules.InOrder, DeliveryRules.NoGap];

    public override string Describe(Operation operation) => Describe<MessageCode>(operation, MessageId.Text, MessageId.Text);
}

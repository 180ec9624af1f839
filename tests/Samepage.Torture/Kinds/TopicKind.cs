using Samepage.Channels;
using Samepage.Torture.Checking;
using Samepage.Torture.Histories;
using Samepage.Torture.Working;

namespace Samepage.Torture.Kinds;

/// <summary>A topic whose publishers wait for whoever subscribes, or drop the oldest.</summary>
internal sealed class TopicKind(bool drops) : Kind(drops ? "dropping" : "topic")
{
    public override IReadOnlyList<string> Roles { get; } = ["publisher", "publisher", "publisher", "subscriber", "subscriber", "subscriber"];

    public override bool IsConsumer(string role) => role == "subscriber";

    public override IDisposable Prepare(string name) => Topic.Create(name, new TopicOptions { Capacity = 64 << 10, FullMode = drops ? TopicFullMode.DropOldest : TopicFullMode.Wait });

    public override void Run(string role, Work work)
    {
        using Topic topic = Topic.Open(work.Name);
        if (role == "publisher")
            Publish(topic, work);
        else
            Subscribe(topic, work);
    }

    private static void Publish(Topic topic, Work work)
    {
        var buffer = new byte[4_000];
        for (int session = 0; !work.IsEnding; session++)
        {
            using TopicPublisher publisher = topic.CreatePublisher();
            uint number = 0;
            for (int left = work.Random.Next(1, 3_000); left > 0 && !work.IsEnding; left--)
            {
                long id = MessageId.Of(work.Actor, session, number);
                Span<byte> message = buffer.AsSpan(0, work.Length(buffer.Length));
                Payload.Fill(message, id);
                if (work.Chance(2))
                    _ = publisher.WaitToPublish(work.UpTo(30));
                work.History.Begin(MessageCode.Send, id);
                if (Publish(publisher, message, work))
                {
                    work.History.End(1);
                    number++;
                }
                else
                    work.History.Forget();
                work.Breathe();
            }
        }
    }

    private static bool Publish(TopicPublisher publisher, ReadOnlySpan<byte> message, Work work)
    {
        if (work.Chance(2))
            return publisher.TryPublish(message);
        if (!publisher.TryLoan(message.Length, out TopicLoan loan))
            return false;
        message.CopyTo(loan.Span);
        loan.Publish();
        return true;
    }

    private void Subscribe(Topic topic, Work work)
    {
        for (long number = 0; ; number++)
        {
            work.History.Begin(MessageCode.Subscribe, number);
            using TopicSubscriber subscriber = topic.Subscribe();
            work.History.End();
            bool more = See(subscriber, number, work);
            work.History.Begin(MessageCode.Leave, number);
            work.History.End(more ? 0 : 1, subscriber.Missed);
            if (!drops && subscriber.Missed != 0)
                throw new FaultException($"a subscriber of a topic that waits missed {subscriber.Missed}");
            if (!more || work.History.IsFull)
                return;
        }
    }

    /// <summary>Reads for a while, or, false, to the end.</summary>
    private static bool See(TopicSubscriber subscriber, long subscription, Work work)
    {
        for (int left = work.Random.Next(1, 6_000); left > 0 && !work.History.IsFull; left--)
        {
            bool drained = work.IsDrained;
            work.History.Begin(MessageCode.See);
            if (!subscriber.TryRead(out TopicMessage message))
            {
                work.History.Forget();
                if (drained)
                    return false;
                _ = work.Chance(3) ? Work.Await(subscriber.WaitToReadAsync(work.UpTo(30))) : subscriber.WaitToRead(work.UpTo(30));
                continue;
            }
            work.History.End(Payload.Read(message.Span), 0, subscription);
            if (work.Chance(8))
                work.Breathe();
        }
        return true;
    }

    public override IEnumerable<Rule> Rules => drops
        ? [NewsRules.WasPublished, NewsRules.InOrder, NewsRules.MissedAreCounted]
        : [NewsRules.WasPublished, NewsRules.NoGap, NewsRules.NothingMissed];

    public override string Describe(Operation operation) => Describe<MessageCode>(operation, id => operation.Code is (int)MessageCode.Send or (int)MessageCode.See ? MessageId.Text(id) : $"{id}");
}

using Samepage.Channels;
using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class TopicScene : IScene
{
    private readonly Topic _topic;
    private readonly TopicPublisher _publisher;
    private readonly TopicSubscriber _subscriber;

    public TopicScene(string name, TopicFullMode mode)
    {
        _topic = Topic.Create(name, new TopicOptions { Capacity = 65536, MaxPublishers = 3, MaxSubscribers = 3, FullMode = mode });
        _publisher = _topic.CreatePublisher(WaitStrategy.Block);
        _subscriber = _topic.Subscribe(new SubscriptionOptions { History = SubscriptionOptions.All, Strategy = WaitStrategy.Block });
        Actors =
        [
            new(new("topic: publish", r => _publisher.TryPublish(Message(r, _publisher.LongestMessage), (uint)r.Next(3))),
                new("topic: publish", r => _publisher.TryPublish(Message(r, 100))),
                new("topic: publish in a batch", r =>
                {
                    using TopicPublisher.Batch batch = _publisher.BeginBatch();
                    for (int i = 0; i < 5; i++)
                        _ = _publisher.TryPublish(Message(r, 300));
                }),
                new("topic: loan", r =>
                {
                    if (!_publisher.TryLoan(r.Next(2000), out TopicLoan loan))
                        return;
                    using (loan)
                    {
                        loan.Span.Fill(3);
                        if (r.Next(2) == 0)
                            loan.Publish((uint)r.Next(3));
                    }
                }),
                new("topic: wait to publish", r => _publisher.WaitToPublish(Short(r))),
                new("topic: wait to publish asynchronously", r => _publisher.WaitToPublishAsync(Short(r)).AsTask().GetAwaiter().GetResult()),
                new("topic: another publisher", r =>
                {
                    using TopicPublisher other = _topic.CreatePublisher();
                    _ = other.TryPublish(Message(r, 1000));
                })),
            new(new("topic: read", _ => ReadSome(_subscriber, 1)),
                new("topic: read many", _ => ReadSome(_subscriber, 100)),
                new("topic: wait to read", r => _subscriber.WaitToRead(Short(r))),
                new("topic: wait to read asynchronously", r => _subscriber.WaitToReadAsync(Short(r)).AsTask().GetAwaiter().GetResult()),
                new("topic: lag", r => _ = _subscriber.Lag + _subscriber.Missed),
                new("topic: another subscriber", r =>
                {
                    using TopicSubscriber other = _topic.Subscribe(new SubscriptionOptions { History = r.Next(5) * 10L, Kinds = r.Next(2) == 0 ? [1u] : null });
                    ReadSome(other, 20);
                }),
                new("topic: open", r =>
                {
                    if (!Topic.TryOpen(name, out Topic? other))
                        return;
                    using (other)
                    {
                        using TopicPublisher publisher = other.CreatePublisher();
                        _ = publisher.TryPublish(Message(r, 100));
                    }
                }),
                new("topic: inspect", _ => ChannelInspector.Find(name)),
                new("topic: peek", _ => ChannelInspector.Peek(name, 10, 100))),
        ];
    }

    public IReadOnlyList<Actor> Actors { get; }

    private static void ReadSome(TopicSubscriber subscriber, int count)
    {
        for (int i = 0; i < count && subscriber.TryRead(out TopicMessage message); i++)
        {
            using (message)
            {
                Touch(message.Span);
                _ = message.TraceContext;
            }
        }
    }

    public void Dispose() => Holdings.Release(_subscriber, _publisher, _topic);
}

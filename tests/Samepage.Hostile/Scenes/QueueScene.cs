using Samepage.Channels;
using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class QueueScene : IScene
{
    private readonly Queue _queue;
    private readonly QueueSender _sender;
    private readonly QueueReceiver _receiver;

    public QueueScene(string name, QueueFullMode mode)
    {
        _queue = Queue.Create(name, new QueueOptions { Capacity = 65536, MaxSenders = 2, MaxReceivers = 3, Priorities = 2, FullMode = mode });
        _sender = _queue.CreateSender(WaitStrategy.Block);
        _receiver = _queue.CreateReceiver(WaitStrategy.Block);
        Actors =
        [
            new(new("queue: send", r => _sender.TrySend(Message(r, _sender.LongestMessage), r.Next(2))),
                new("queue: send", r => _sender.TrySend(Message(r, 100), r.Next(2))),
                new("queue: send, waiting", r => _sender.Send(Message(r, 100), r.Next(2), Short(r))),
                new("queue: send asynchronously", r => _sender.SendAsync(Message(r, 100), r.Next(2), Short(r)).AsTask().GetAwaiter().GetResult()),
                new("queue: loan", r =>
                {
                    if (!_sender.TryLoan(r.Next(2000), out QueueLoan loan, r.Next(2)))
                        return;
                    using (loan)
                    {
                        loan.Span.Fill(3);
                        if (r.Next(2) == 0)
                            loan.Send();
                    }
                }),
                new("queue: wait to send", r => _sender.WaitToSend(Short(r))),
                new("queue: another sender", r =>
                {
                    using QueueSender other = _queue.CreateSender();
                    _ = other.TrySend(Message(r, 1000));
                })),
            new(new("queue: receive", _ => ReceiveSome(_receiver, 1)),
                new("queue: receive many", _ => ReceiveSome(_receiver, 100)),
                new("queue: receive, waiting", r =>
                {
                    if (_receiver.TryReceive(Short(r), out QueueMessage message))
                        Take(message);
                }),
                new("queue: lease", r =>
                {
                    if (!_receiver.TryLease(Short(r), out QueueMessage message))
                        return;
                    Touch(message.Span);
                    if (r.Next(3) != 0)
                        message.Acknowledge();
                    else if (r.Next(2) == 0)
                        message.Return();
                }),
                new("queue: wait to receive", r => _receiver.WaitToReceive(Short(r))),
                new("queue: wait to receive asynchronously", r => _receiver.WaitToReceiveAsync(Short(r)).AsTask().GetAwaiter().GetResult()),
                new("queue: another receiver", r =>
                {
                    using QueueReceiver other = _queue.CreateReceiver();
                    ReceiveSome(other, 3);
                }),
                new("queue: open", r =>
                {
                    if (!Queue.TryOpen(name, out Queue? other))
                        return;
                    using (other)
                    {
                        using QueueReceiver receiver = other.CreateReceiver();
                        ReceiveSome(receiver, 3);
                    }
                }),
                new("queue: inspect", _ => ChannelInspector.Find(name)),
                new("queue: peek", _ => ChannelInspector.Peek(name, 10, 100))),
        ];
    }

    public IReadOnlyList<Actor> Actors { get; }

    private static void ReceiveSome(QueueReceiver receiver, int count)
    {
        for (int i = 0; i < count && receiver.TryReceive(out QueueMessage message); i++)
            Take(message);
    }

    private static void Take(QueueMessage message)
    {
        using (message)
        {
            Touch(message.Span);
            _ = message.TraceContext;
            _ = message.Deliveries;
        }
    }

    public void Dispose() => Holdings.Release(_receiver, _sender, _queue);
}

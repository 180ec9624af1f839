using Samepage.Channels;
using static Samepage.Hostile.Scenes.Waits;

namespace Samepage.Hostile.Scenes;

internal sealed class MailboxScene : IScene
{
    private readonly Mailbox _mailbox;
    private readonly MailboxWriter _writer;

    public MailboxScene(string name)
    {
        _mailbox = Mailbox.Create(name, new QueueOptions { Capacity = 65536, MaxSenders = 3, Priorities = 2 }, WaitStrategy.Block);
        _writer = Mailbox.OpenWriter(name, WaitStrategy.Block);
        Actors =
        [
            new(new("mailbox: send", r => _writer.TrySend(Message(r, _writer.LongestMessage), r.Next(2))),
                new("mailbox: send", r => _writer.TrySend(Message(r, 100), r.Next(2))),
                new("mailbox: send, waiting", r => _writer.Send(Message(r, 100), r.Next(2), Short(r))),
                new("mailbox: gone", r => _ = _writer.IsGone),
                new("mailbox: another writer", r =>
                {
                    if (!Mailbox.TryOpenWriter(name, out MailboxWriter? other))
                        return;
                    using (other)
                        _ = other.TrySend(Message(r, 100));
                })),
            new(new("mailbox: receive", r =>
                {
                    for (int i = 0; i < 50 && _mailbox.TryReceive(out QueueMessage message); i++)
                    {
                        using (message)
                            Touch(message.Span);
                    }
                }),
                new("mailbox: receive, waiting", r =>
                {
                    if (_mailbox.TryReceive(Short(r), out QueueMessage message))
                    {
                        using (message)
                            Touch(message.Span);
                    }
                }),
                new("mailbox: another", r => Mailbox.Create(name).Dispose()),
                new("mailbox: inspect", _ => ChannelInspector.Find(name))),
        ];
    }

    public IReadOnlyList<Actor> Actors { get; }

    public void Dispose() => Holdings.Release(_writer, _mailbox);
}

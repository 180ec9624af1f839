using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Samepage.Channels;

namespace Samepage.Conformance.Peers;

/// <summary>What the other process does with queues and mailboxes.</summary>
internal static class QueueVerbs
{
    private static readonly Dictionary<string, Queue> _queues = [];
    private static readonly Dictionary<string, QueueSender> _senders = [];
    private static readonly Dictionary<string, QueueReceiver> _receivers = [];
    private static readonly Dictionary<string, Mailbox> _mailboxes = [];

    public static string Do(string verb, string[] a)
    {
        switch (verb)
        {
            case "queue-open":
                _queues.Add(a[0], Queue.Open(a[1]));
                return "";
            case "queue-send":
                if (!_senders.ContainsKey(a[0]))
                    _senders.Add(a[0], _queues[a[0]].CreateSender());
                byte[] bytes = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(bytes, int.Parse(a[1], CultureInfo.InvariantCulture));
                return _senders[a[0]].Send(bytes).ToString();
            case "queue-receive":
                return Number(Receiver(a[0]).Receive());
            case "queue-lease":
                _ = Receiver(a[0]).TryLease(Timeout.InfiniteTimeSpan, out QueueMessage message);
                return Number(message);
            case "mailbox-create":
                _mailboxes.Add(a[0], Mailbox.Create(a[1], new QueueOptions { Capacity = 65536 }));
                return "";
            case "mailbox-receive":
                return Encoding.UTF8.GetString(_mailboxes[a[0]].Receive().Span);
            default:
                throw new InvalidOperationException($"no such verb: {verb}");
        }
    }

    private static QueueReceiver Receiver(string label)
    {
        if (!_receivers.ContainsKey(label))
            _receivers.Add(label, _queues[label].CreateReceiver());
        return _receivers[label];
    }

    private static string Number(QueueMessage message) => BinaryPrimitives.ReadInt32LittleEndian(message.Span).ToString(CultureInfo.InvariantCulture);
}

using System.Buffers.Binary;
using System.Globalization;
using Samepage.Channels;

namespace Samepage.Peer;

/// <summary>What this process does with a queue: it has one sender and one receiver of each, made at their first use. Messages are numbers.</summary>
internal static class QueueCommands
{
    private const int Length = 1000;

    public static string Run(OpenObjects objects, string[] words)
    {
        string name = words[1];
        switch (words[0])
        {
            case "queue":
                objects.Add(name, new Opened(Queue.CreateOrOpen(name)));
                return "";
            case "queue-mailbox":
                objects.Add(name, Mailbox.Create(name));
                return "";
            case "queue-mailbox-read":
                return Text(objects.Get<Mailbox>(name).Receive());
            case "queue-send":
                return objects.Get<Opened>(name).Sender.TrySend(Message(words[2]), words.Length > 3 ? Number(words[3]) : 0).ToString();
            case "queue-fill":
                int sent = 0;
                while (objects.Get<Opened>(name).Sender.TrySend(Message(words[2])))
                    sent++;
                return sent.ToString(CultureInfo.InvariantCulture);
            case "queue-receive":
                return Text(objects.Get<Opened>(name).Receiver.Receive());
            case "queue-lease":
                _ = objects.Get<Opened>(name).Receiver.TryLease(Timeout.InfiniteTimeSpan, out objects.Get<Opened>(name).Leased);
                return Text(objects.Get<Opened>(name).Leased);
            case "queue-acknowledge":
                objects.Get<Opened>(name).Leased.Acknowledge();
                return "";
            case "queue-return":
                objects.Get<Opened>(name).Leased.Return();
                return "";
            case "queue-sleep":
                // As anybody does who waits without a thread: it is there for the deaths of others.
                _ = objects.Get<Opened>(name).Receiver.WaitToReceiveAsync(Timeout.InfiniteTimeSpan).AsTask();
                return "";
            case "queue-consume":
                return Consume(objects.Get<Opened>(name).Receiver, name, once: words[2] == "once");
            case "queue-produce":
                while (true)
                    _ = objects.Get<Opened>(name).Sender.Send(Message("-1"));
            default:
                throw new InvalidOperationException($"unknown command {words[0]}");
        }
    }

    /// <summary>Counts every number that it gets in a section, for ever.</summary>
    private static string Consume(QueueReceiver receiver, string name, bool once)
    {
        using SharedMemory section = SharedMemory.Open(name + "-ledger");
        using MemoryView view = section.Map();
        while (true)
        {
            QueueMessage message;
            if (once)
                message = receiver.Receive();
            else
                _ = receiver.TryLease(Timeout.InfiniteTimeSpan, out message);
            int number = BinaryPrimitives.ReadInt32LittleEndian(message.Span);
            if (number >= 0)
                _ = Interlocked.Increment(ref view.GetReference<int>(number * sizeof(int)));
            message.Acknowledge();
        }
    }

    private static byte[] Message(string number)
    {
        byte[] message = new byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, Number(number));
        return message;
    }

    private static string Text(QueueMessage message) =>
        string.Create(CultureInfo.InvariantCulture, $"{BinaryPrimitives.ReadInt32LittleEndian(message.Span)} {message.Deliveries}");

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class Opened(Queue queue) : IDisposable
    {
        private QueueSender? _sender;
        private QueueReceiver? _receiver;

        public QueueMessage Leased;

        public QueueSender Sender => _sender ??= queue.CreateSender();

        public QueueReceiver Receiver => _receiver ??= queue.CreateReceiver();

        public void Dispose()
        {
            _sender?.Dispose();
            _receiver?.Dispose();
            queue.Dispose();
        }
    }
}

using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>Messages of 64 bytes through a queue, from one sender to one receiver, as fast as it takes them: received, or leased and acknowledged.</summary>
internal sealed class QueueStream : LaneSuite
{
    public const string Role = "queue-stream-";

    private const int Size = 64;

    /// <summary>Of the C program's ring as well.</summary>
    private const long Capacity = 4 << 20;

    private const double NanosecondsReceived = 100, NanosecondsLeased = 200;

    public QueueStream()
    {
        string name = UniqueName("queue-stream");
        CountedContender Pair(string how) => CountedContender.InPair($"queue, 64 B, {how}", Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 2, $"{Role}{how}", $"{name}-{how}", side))));

        CountedContender received = Pair("received"), leased = Pair("leased");
        Contender reference = LaneStream(Size);
        Comparisons =
        [
            new("queue, 64 B, one to one, received: a message", received, reference, null) { MostOfSubject = NanosecondsReceived },
            new("queue, 64 B, one to one, leased and acknowledged: a message", leased, reference, null) { MostOfSubject = NanosecondsLeased },
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>One of the two sides.</summary>
    public static void Serve(string how, string name, bool first)
    {
        using Queue queue = Get(name, first), answers = Get($"{name}-answers", first);
        using QueueSender sender = (first ? queue : answers).CreateSender(WaitStrategy.BusySpin);
        using QueueReceiver receiver = (first ? answers : queue).CreateReceiver(WaitStrategy.BusySpin);
        ulong number = 0;
        PeerLoop.ServeRoundTrips(first
            ? count =>
            {
                for (long i = 0; i < count; i++)
                    Send(sender, ++number);
                _ = receiver.Receive();
            }
        : count =>
        {
            for (long i = 0; i < count; i++)
                Receive(receiver, how == "leased", ++number);
            _ = sender.TrySend([]);
        });
    }

    private static void Send(QueueSender sender, ulong number)
    {
        QueueLoan loan;
        while (!sender.TryLoan(Size, out loan))
            _ = sender.WaitToSend(Timeout.InfiniteTimeSpan);
        Words.Fill(loan.Span, number);
        loan.Send();
    }

    private static void Receive(QueueReceiver receiver, bool leases, ulong number)
    {
        QueueMessage message;
        while (!(leases ? receiver.TryLease(out message) : receiver.TryReceive(out message)))
            _ = receiver.WaitToReceive(Timeout.InfiniteTimeSpan);
        Words.Check(message.Span, number);
        if (leases)
            message.Acknowledge();
    }

    private static Queue Get(string name, bool first) => first ? Queue.Create(name, new QueueOptions { Capacity = Capacity }) : Queue.Open(name);
}

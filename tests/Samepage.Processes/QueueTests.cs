using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Samepage.Channels;
using Samepage.Layout;
using Samepage.Platform;

namespace Samepage.Processes;

/// <summary>Queues whose senders and receivers are killed at any moment, and into whose memory others write: W43.</summary>
public class QueueTests
{
    private const int Messages = 8000;
    private const int Kills = 16;
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);
    private static readonly QueueOptions _small = new() { Capacity = 65536 };

    /// <summary>What is sent to a mailbox that is just being made would be cleared away with what was left to the one before.</summary>
    [Fact]
    public void Nobody_writes_to_a_mailbox_before_it_is_cleared()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test stops a process by a signal, which Windows does not have.");
#if !DEBUG
        Assert.Skip("Crash points are compiled into debug builds only.");
#endif
        const string Name = "mailbox-made-again";
        Mailbox first = Mailbox.Create(Name);
        Assert.True(Mailbox.TryOpenWriter(Name, out MailboxWriter? former));
        using MailboxWriter writer = former;
        Assert.True(writer.TrySend(new byte[8]));
        first.Dispose();
        using var reader = new Peer();
        reader.Do("stop-at TenureBegun");
        reader.Begin($"queue-mailbox {Name}");
        reader.AssertStopped();
        bool early = Mailbox.TryOpenWriter(Name, out MailboxWriter? next) && next.TrySend(new byte[] { 7, 0, 0, 0 });
        reader.Continue();
        Assert.Equal("", reader.Answer());
        if (!early)
        {
            Assert.True(Mailbox.TryOpenWriter(Name, out next));
            Assert.True(next.TrySend(new byte[] { 7, 0, 0, 0 }));
        }
        using (next)
            Assert.Equal("7 1", reader.Do($"queue-mailbox-read {Name}"));
    }

    [Theory]
    [InlineData("lease")]
    [InlineData("once")]
    public async Task Whoever_is_killed_every_message_arrives_at_least_once_with_leases_and_at_most_once_without(string how)
    {
        string name = $"queue-torture-{how}";
        CancellationToken token = TestContext.Current.CancellationToken;
        using Queue queue = Queue.Create(name, _small);
        using SharedMemory section = SharedMemory.Create(name + "-ledger", Messages * sizeof(int));
        using MemoryView view = section.Map();
        List<Peer> peers = [.. Enumerable.Range(0, 4).Select(i => Start(i % 2 == 0 ? "produce" : $"consume {how}"))];
        Task sending = Task.Run(() =>
        {
            using QueueSender sender = queue.CreateSender();
            byte[] message = new byte[64];
            for (int i = 0; i < Messages; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(message, i);
                Assert.True(sender.Send(message, 0, _bound, token));
            }
        }, token);
        var random = new Random(5);
        for (int i = 0; i < Kills; i++)
        {
            int victim = random.Next(peers.Count);
            peers[victim].Kill();
            peers[victim].Dispose();
            peers[victim] = Start(victim % 2 == 0 ? "produce" : $"consume {how}");
        }
        await sending.WaitAsync(_bound, token);
        for (int i = 0; i < peers.Count; i += 2)
            peers[i].Kill();
        using QueueReceiver receiver = queue.CreateReceiver();
        // The two that live receive all that is left.
        Assert.True(SpinWait.SpinUntil(() => !receiver.TryLease(out QueueMessage left) || Returned(left), _bound));
        foreach (Peer peer in peers)
        {
            if (!peer.HasExited)
                peer.Kill();
            peer.Dispose();
        }
        while (receiver.TryLease(TimeSpan.FromMilliseconds(200), out QueueMessage message, token))
        {
            int number = BinaryPrimitives.ReadInt32LittleEndian(message.Span);
            if (number >= 0)
                view.GetReference<int>(number * sizeof(int))++;
            message.Acknowledge();
        }
        ReadOnlySpan<int> counts = MemoryMarshal.Cast<byte, int>(view.ReadOnlySpan[..(Messages * sizeof(int))]);
        int missing = counts.Count(0);
        if (how == "lease")
            Assert.Equal(0, missing);
        else
            Assert.Equal(-1, counts.IndexOfAnyExceptInRange(0, 1));
        // Each death costs one message at most, or delivers one again.
        Assert.InRange(missing, 0, Kills + 2);
        int again = 0;
        foreach (int count in counts)
            again += Math.Max(0, count - 1);
        Assert.InRange(again, 0, Kills + 2);

        Peer Start(string what)
        {
            var peer = new Peer();
            peer.Do($"queue {name}");
            string[] words = what.Split(' ');
            peer.Begin($"queue-{words[0]} {name} {(words.Length > 1 ? words[1] : "")}");
            return peer;
        }
    }

    [Theory]
    [InlineData(QueueFullMode.Wait, "receive")]
    [InlineData(QueueFullMode.DropNewest, "receive")]
    [InlineData(QueueFullMode.DropOldest, "receive")]
    [InlineData(QueueFullMode.DropOldest, "lease")]
    public void A_killed_receiver_holds_nobody_up_who_only_tries_to_send(QueueFullMode mode, string how)
    {
        string name = $"queue-killed-{mode}-{how}";
        using Queue queue = Queue.Create(name, _small with { FullMode = mode });
        using QueueSender sender = queue.CreateSender();
        using var peer = new Peer();
        peer.Do($"queue {name}");
        byte[] message = new byte[1000];
        Assert.True(sender.TrySend(message));
        peer.Do($"queue-{how} {name}");
        while (sender.TrySend(message))
        {
        }
        peer.Kill();
        // It never waits, and there is nobody else who would bury the dead.
        Assert.True(SpinWait.SpinUntil(() => sender.TrySend(message), _bound));
    }

    /// <summary>It had taken a message once and for all, and the next to be taken is said to stand there still. Nobody else receives.</summary>
    [Fact]
    public void Who_sends_goes_past_a_message_that_one_who_died_had_taken()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Crash points are steps of the Linux protocols; on Windows the kernel takes them.");
#if !DEBUG
        Assert.Skip("Crash points are compiled into debug builds only.");
#endif
        const string Name = "queue-passed";
        using Queue queue = Queue.Create(Name, _small);
        using QueueSender sender = queue.CreateSender();
        byte[] message = new byte[5000];
        while (sender.TrySend(message))
        {
        }
        using var peer = new Peer();
        peer.Do($"queue {Name}");
        peer.Do("arm QueueTaken");
        peer.Begin($"queue-receive {Name}");
        peer.AssertDiedAtPoint("QueueTaken");
        Assert.True(SpinWait.SpinUntil(() => sender.TrySend(message), _bound));
    }

    private static bool Returned(QueueMessage message)
    {
        message.Return();
        return false;
    }

    public static TheoryData<string, long, long> Damages => new()
    {
        { "next, not at a record's place", ChannelLayout.LaneOffset(0) + QueueBlock.NextOffset, 3 },
        { "next, before the beginning", ChannelLayout.LaneOffset(0) + QueueBlock.NextOffset, -8 },
        { "next, far beyond", ChannelLayout.LaneOffset(0) + QueueBlock.NextOffset, long.MaxValue - 7 },
        { "next, within a message", ChannelLayout.LaneOffset(0) + QueueBlock.NextOffset, 24 },
        { "done, behind next", ChannelLayout.LaneOffset(0) + QueueBlock.DoneOffset, 1 << 20 },
        { "done, before the beginning", ChannelLayout.LaneOffset(0) + QueueBlock.DoneOffset, -16 },
        { "memory", ChannelLayout.LaneOffset(0) + LaneBlock.MemoryOffset, 77 },
        { "header, too long", -1, unchecked((long)RecordHeader.Of(60_000, 0)) },
        { "header, too short for a state", -1, unchecked((long)RecordHeader.Of(4, 0)) },
        { "header, not committed", -1, 4 },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damage_is_refused_with_a_word_and_harms_nobody_else(string what, long offset, long value)
    {
        string name = "damaged-" + what.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal);
        using Queue queue = Queue.Create(name, _small);
        using QueueSender sender = queue.CreateSender();
        byte[] message = new byte[1000];
        message.AsSpan().Fill(0x77);
        while (sender.TrySend(message))
        {
        }
        using (SharedMemory section = Memory(name))
        using (MemoryView view = offset >= 0 ? section.Map() : section.MapMirroredReserved(RingOffset, RingLength))
            view.GetReference<long>(Math.Max(offset, 0)) = value;
        using Queue again = Queue.Open(name);
        using QueueReceiver receiver = again.CreateReceiver();
        SharedObjectException refused = Assert.Throws<SharedObjectException>(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                if (!receiver.TryReceive(out _))
                    break;
                _ = sender.TrySend(message);
            }
            _ = sender.TrySend(message);
        });
        Assert.Equal(FailureReason.Corrupt, refused.Reason);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        // Another sender's lane is as it was; the turn was given back.
        using QueueSender other = queue.CreateSender();
        Assert.True(other.TrySend(message));
    }

    [Fact]
    public void A_mode_that_cannot_be_is_refused()
    {
        const string Name = "damaged-mode";
        using Queue queue = Queue.Create(Name, _small);
        using (SharedMemory section = Memory(Name))
        using (MemoryView view = section.Map())
            view.GetReference<ChannelHeader>().Mode = 0x900;
        Assert.Equal(FailureReason.Corrupt, Assert.Throws<SharedObjectException>(() => Queue.Open(Name)).Reason);
    }

    [Fact]
    public void Whatever_is_written_into_it_nobody_hangs_or_reads_elsewhere()
    {
        var random = new Random(3);
        for (int round = 0; round < 60; round++)
        {
            string name = $"fuzzed-{round}";
            using Queue queue = Queue.Create(name, _small with { FullMode = round % 2 == 0 ? QueueFullMode.Wait : QueueFullMode.DropOldest, MaxSenders = 2 });
            using QueueSender sender = queue.CreateSender();
            using QueueReceiver receiver = queue.CreateReceiver();
            byte[] message = new byte[random.Next(8, 300)];
            for (int i = 0; i < 500; i++)
                _ = sender.TrySend(message);
            using SharedMemory section = Memory(name);
            using MemoryView control = section.Map();
            using MemoryView ring = section.MapMirroredReserved(RingOffset, RingLength);
            for (int i = 0; i < 200; i++)
            {
                ref long place = ref random.Next(4) == 0
                    ? ref control.GetReference<long>(ChannelLayout.LaneOffset(0) + random.Next(LaneBlock.Length / 8) * 8)
                    : ref ring.GetReference<long>(random.Next(RingLength / 8) * 8);
                place = random.Next(3) switch
                {
                    0 => random.NextInt64(),
                    1 => random.Next(70_000),
                    _ => unchecked((long)RecordHeader.Of(random.Next(40_000), 0)),
                };
                try
                {
                    _ = random.Next(2) == 0 ? receiver.TryReceive(out _) : receiver.TryLease(out _);
                    _ = sender.TrySend(message);
                    if (i % 50 == 0)
                        queue.CreateReceiver().Dispose();
                }
                catch (SharedObjectException e)
                {
                    Assert.Equal(FailureReason.Corrupt, e.Reason);
                }
            }
        }
    }

    // The control part of so few lanes and receivers fits into one step.
    private const int RingOffset = 65536;
    private const int RingLength = 65536;

    private static SharedMemory Memory(string name) => SharedMemory.TryOpenOfKind(SharedObjectKind.Queue, ObjectName.Parse(name))!;
}

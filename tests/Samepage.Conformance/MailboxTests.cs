using System.Text;
using Samepage.Channels;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>Mailboxes: many write, one reads, and it is gone with that one: W42.</summary>
public sealed class MailboxTests
{
    private static readonly QueueOptions _small = new() { Capacity = 65536 };
    private static readonly TimeSpan _shortly = TimeSpan.FromMilliseconds(50);

    private static string Text(QueueMessage message) => Encoding.UTF8.GetString(message.Span);

    [Fact]
    public void W42_Many_write_and_one_reads_whole_messages()
    {
        string name = Expect.NewName();
        using Mailbox mailbox = Mailbox.Create(name, _small);
        using MailboxWriter one = Mailbox.OpenWriter(name), other = Mailbox.OpenWriter(name);
        Assert.False(mailbox.TryReceive(out _));
        Assert.False(mailbox.TryReceive(_shortly, out _));
        Assert.True(one.TrySend("first"u8));
        Assert.True(other.Send("second"u8));
        Assert.Equal(WaitResult.Signaled, mailbox.Readable.Wait(Peer.Patience));
        string[] read = [Text(mailbox.Receive()), mailbox.TryReceive(Peer.Patience, out QueueMessage message) ? Text(message) : ""];
        Assert.Equal(["first", "second"], read.Order());
    }

    [Fact]
    public async Task W42_The_reader_waits_without_a_thread()
    {
        string name = Expect.NewName();
        using Mailbox mailbox = Mailbox.Create(name, _small);
        using MailboxWriter writer = Mailbox.OpenWriter(name);
        ValueTask<QueueMessage> pending = mailbox.ReceiveAsync();
        Assert.True(await writer.SendAsync("now"u8.ToArray()));
        Assert.Equal("now", Text(await pending.AsTask().WaitAsync(Peer.Patience)));
        writer.TrySend("one"u8);
        await foreach (QueueMessage message in mailbox.ReceiveAllAsync())
        {
            Assert.Equal("one", Text(message));
            break;
        }
    }

    [Fact]
    public void W42_A_second_reader_is_refused_here_and_in_another_process()
    {
        string name = Expect.NewName();
        using Mailbox mailbox = Mailbox.Create(name, _small);
        Expect.Refusal(FailureReason.AlreadyExists, 183, () => Mailbox.Create(name));
        Assert.Equal(FailureReason.WrongKind, Assert.Throws<SharedObjectException>(() => Queue.Open(name)).Reason);
        Assert.Equal(FailureReason.WrongKind, Assert.Throws<SharedObjectException>(() => Queue.CreateOrOpen(name)).Reason);
        using Peer peer = Peer.Start();
        Expect.PeerRefusal(FailureReason.AlreadyExists, 183, () => peer.Do("mailbox-create", "m", name));
        using MailboxWriter writer = Mailbox.OpenWriter(name);
        Assert.True(writer.TrySend("still"u8));
        Assert.True(mailbox.TryReceive(out _));
    }

    [Fact]
    public void W42_It_is_gone_when_the_reader_closes_it_and_writers_are_told()
    {
        string name = Expect.NewName();
        Expect.Refusal(FailureReason.NotFound, 2, () => Mailbox.OpenWriter(name));
        MailboxWriter old;
        using (Mailbox mailbox = Mailbox.Create(name, _small))
        {
            old = Mailbox.OpenWriter(name);
            Assert.True(old.TrySend("left behind"u8));
            Assert.False(old.IsGone);
        }
        Assert.True(old.IsGone);
        Assert.Equal(FailureReason.PeerDied, Assert.Throws<SharedObjectException>(() => old.TrySend("x"u8)).Reason);
        Assert.Equal(FailureReason.PeerDied, Assert.Throws<SharedObjectException>(() => old.Send("x"u8)).Reason);
        Expect.Refusal(FailureReason.NotFound, 2, () => Mailbox.OpenWriter(name));
        Assert.False(Mailbox.TryOpenWriter(name, out _));
        // The next one of that name is another: empty, and not what the old writer wrote to.
        using (Mailbox next = Mailbox.Create(name, _small))
        {
            Assert.False(next.TryReceive(out _));
            Assert.Equal(FailureReason.PeerDied, Assert.Throws<SharedObjectException>(() => old.TrySend("x"u8)).Reason);
            using MailboxWriter writer = Mailbox.OpenWriter(name);
            Assert.True(writer.TrySend("new"u8));
            Assert.Equal("new", Text(next.Receive()));
        }
        old.Dispose();
        Assert.Throws<ObjectDisposedException>(() => old.TrySend("x"u8));
        Assert.False(Queue.Exists(name));
    }

    [Fact]
    public void W42_A_writer_that_waits_for_room_is_told_that_it_is_gone()
    {
        string name = Expect.NewName();
        Mailbox mailbox = Mailbox.Create(name, _small);
        using MailboxWriter writer = Mailbox.OpenWriter(name, WaitStrategy.Block);
        while (writer.TrySend(new byte[5000]))
        {
        }
        Assert.False(writer.Send(new byte[5000], 0, _shortly));
        Task<bool> waiting = Expect.Begin(() => writer.Send(new byte[5000]));
        Assert.False(waiting.Wait(_shortly));
        mailbox.Dispose();
        Assert.Equal(FailureReason.PeerDied, Assert.Throws<SharedObjectException>(() => Expect.Result(waiting)).Reason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void W42_It_is_gone_when_the_reader_dies(bool killed)
    {
        string name = Expect.NewName();
        using Peer peer = Peer.Start();
        peer.Do("mailbox-create", "m", name);
        using MailboxWriter writer = Mailbox.OpenWriter(name, WaitStrategy.Block);
        writer.TrySend("read"u8);
        Assert.Equal("read", peer.Do("mailbox-receive", "m"));
        while (writer.TrySend(new byte[5000]))
        {
        }
        Task<bool> waiting = Expect.Begin(() => writer.Send(new byte[5000]));
        Assert.False(waiting.Wait(_shortly));
        if (killed)
            peer.Kill();
        else
            peer.Leave();
        Assert.Equal(FailureReason.PeerDied, Assert.Throws<SharedObjectException>(() => Expect.Result(waiting)).Reason);
        Assert.True(writer.IsGone);
        Assert.False(Mailbox.TryOpenWriter(name, out _));
        using Mailbox next = Mailbox.Create(name);
        Assert.False(next.TryReceive(out _));
    }
}

using Samepage.Channels;
using Orders = Samepage.Channels.Queue<Samepage.Guide.Order>;

namespace Samepage.Guide;

internal struct Order { public int Number; public int Pieces; }

public sealed class QueuePage : Page
{
    [Fact]
    public void Jobs()
    {
        ReadOnlySpan<byte> order = "two teas"u8;
        #region queue-send
        using Queue orders = Queue.CreateOrOpen("orders", new QueueOptions { Priorities = 2 });
        using QueueSender desk = orders.CreateSender();
        desk.Send(order, priority: 1);                             // waits while there is no room; with a time, says false
        #endregion
        Worker();
        Assert.Equal(["two teas"], Shown);
    }

    private void Worker()
    {
        #region queue-lease
        using Queue orders = Queue.Open("orders");
        using QueueReceiver worker = orders.CreateReceiver();      // any number of them, in any processes
        if (worker.TryLease(TimeSpan.FromSeconds(1), out QueueMessage job))
        {
            Work(job.Span);                                        // should this process die here, another gets it, with Deliveries 2
            job.Acknowledge();
        }
        #endregion
    }

    [Fact]
    public void A_job_that_comes_back()
    {
        using Queue orders = Queue.Create("hard orders");
        using QueueSender desk = orders.CreateSender();
        using QueueReceiver worker = orders.CreateReceiver();
        desk.Send("the impossible"u8);
        for (int i = 0; i < 4; i++)
        {
            #region queue-return
            if (worker.TryLease(out QueueMessage job))
            {
                using (job)                                        // returned, unless it is acknowledged: also by what is thrown here
                {
                    if (job.Deliveries > 3)
                        PutAside(job.Span);                        // it has killed three workers, or they gave it back
                    if (job.Deliveries > 3 || TryWork(job.Span))
                        job.Acknowledge();
                }
            }
            #endregion
        }
        Assert.Equal(["put aside the impossible"], Shown);
    }

    [Fact]
    public async Task Once_and_no_more()
    {
        CancellationToken token = Token;
        using Queue orders = Queue.Create("small orders");
        using QueueSender desk = orders.CreateSender();
        using QueueReceiver worker = orders.CreateReceiver();
        desk.Send("tea"u8);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            #region queue-receive
            await foreach (QueueMessage job in worker.ReceiveAllAsync(token))
                WorkOnce(job.Span);                                // should this process die here, nobody gets it again
            #endregion
        });
        Assert.Equal(["tea"], Shown);
    }

    [Fact]
    public void Structs()
    {
        #region queue-structs
        using Orders orders = Orders.CreateOrOpen("counted orders");
        using QueueSender<Order> desk = orders.CreateSender();
        desk.Send(new Order { Number = 1, Pieces = 12 });
        #endregion
        using QueueReceiver<Order> worker = orders.CreateReceiver();
        Assert.Equal(12, worker.Receive(Token).Pieces);
    }

    [Fact]
    public void A_mailbox()
    {
        #region mailbox-read
        using Mailbox box = Mailbox.Create("printer");             // the one reader; gone with it
        #endregion
        Writer();
        #region mailbox-receive
        while (box.TryReceive(TimeSpan.FromSeconds(1), out QueueMessage letter))
            Print(letter.Span);
        #endregion
        Assert.Equal(["printed page 1"], Shown);
    }

    private static void Writer()
    {
        ReadOnlySpan<byte> page = "page 1"u8;
        #region mailbox-write
        if (!Mailbox.TryOpenWriter("printer", out MailboxWriter? writer))
            return;                                                // nobody reads such a mailbox
        using (writer)
        {
            try { writer.Send(page); }
            catch (SharedObjectException e) when (e.Reason == FailureReason.PeerDied) { FindAnotherPrinter(); }
        }
        #endregion
    }

    private static void FindAnotherPrinter() => Assert.Fail("There is one.");

    private void Work(ReadOnlySpan<byte> job) => Show(job);

    private void WorkOnce(ReadOnlySpan<byte> job)
    {
        Show(job);
        End();
    }

    private static bool TryWork(ReadOnlySpan<byte> job) => job.IsEmpty;

    private void PutAside(ReadOnlySpan<byte> job) => Show("put aside " + System.Text.Encoding.UTF8.GetString(job));

    private void Print(ReadOnlySpan<byte> page) => Show("printed " + System.Text.Encoding.UTF8.GetString(page));
}

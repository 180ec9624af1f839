using Samepage.Torture.Checking;

namespace Samepage.Torture.Tests;

public class DeliveryRuleTests
{
    private static long Id(uint number) => MessageId.Of(1, 0, number);

    private static Told Sent(uint count)
    {
        var told = new Told();
        for (uint i = 0; i < count; i++)
            _ = told.Did(1, MessageCode.Send, i * 10, i * 10 + 5, Id(i), 1);
        return told;
    }

    private static Told Got(Told told, int actor, uint number, long begin, long end, long deliveries = 1) => told.Did(actor, MessageCode.Receive, begin, end, 0, Id(number), deliveries);

    [Fact]
    public void What_comes_was_sent_and_accepted()
    {
        Assert.Null(DeliveryRules.WasSent.Check(Got(Sent(1), 2, 0, 1, 2).History));
        Assert.NotNull(DeliveryRules.WasSent.Check(Got(Sent(1), 2, 1, 1, 2).History));
        Assert.NotNull(DeliveryRules.WasSent.Check(Got(new Told().Did(1, MessageCode.Send, 0, 5, Id(0), 0), 2, 0, 6, 7).History));
        Assert.NotNull(DeliveryRules.WasSent.Check(Got(new Told().Did(1, MessageCode.Send, 10, 15, Id(0), 1), 2, 0, 6, 7).History));
        Assert.Null(DeliveryRules.WasSent.Check(Got(new Told().Began(1, MessageCode.Send, 0, Id(0)).Died(1, 5, 6), 2, 0, 6, 7).History));
    }

    [Fact]
    public void Nothing_comes_twice()
    {
        Assert.Null(DeliveryRules.AtMostOnce.Check(Got(Got(Sent(2), 2, 0, 10, 11), 3, 1, 20, 21).History));
        Assert.NotNull(DeliveryRules.AtMostOnce.Check(Got(Got(Sent(2), 2, 0, 10, 11), 3, 0, 20, 21).History));
    }

    [Fact]
    public void What_nobody_got_a_dead_receiver_had()
    {
        Assert.NotNull(DeliveryRules.NotLost.Check(Sent(1).History));
        Assert.Null(DeliveryRules.NotLost.Check(Sent(1).Began(2, MessageCode.Receive, 20).Died(2, 30, 40).History));
        Assert.NotNull(DeliveryRules.NotLost.Check(Sent(2).Began(2, MessageCode.Receive, 20).Died(2, 30, 40).History));
        Assert.NotNull(DeliveryRules.NotLost.Check(new Told().Did(1, MessageCode.Send, 50, 60, Id(0), 1).Began(2, MessageCode.Receive, 20).Died(2, 30, 40).History));
    }

    [Fact]
    public void Of_a_stream_the_first_are_there()
    {
        Assert.Null(DeliveryRules.NoGap.Check(Got(Got(Sent(4), 2, 0, 100, 101), 2, 1, 102, 103).History));
        Assert.NotNull(DeliveryRules.NoGap.Check(Got(Sent(4), 2, 1, 100, 101).History));
        Assert.NotNull(DeliveryRules.NoGap.Check(Got(Got(Sent(4), 2, 0, 100, 101), 2, 2, 102, 103).History));
        Assert.Null(DeliveryRules.NoGap.Check(Got(Got(Sent(4), 2, 0, 100, 101), 2, 3, 102, 103).History));
    }

    [Fact]
    public void The_order_of_a_sender_stays()
    {
        Assert.Null(DeliveryRules.InOrder.Check(Got(Got(Sent(2), 2, 0, 100, 110), 3, 1, 105, 107).History));
        Assert.NotNull(DeliveryRules.InOrder.Check(Got(Got(Sent(2), 2, 0, 100, 110), 3, 1, 90, 95).History));
    }

    [Fact]
    public void What_is_leased_is_done_in_the_end()
    {
        Assert.NotNull(DeliveryRules.DoneAtLeastOnce.Check(Got(Sent(1), 2, 0, 100, 110).History));
        Assert.Null(DeliveryRules.DoneAtLeastOnce.Check(Got(Sent(1), 2, 0, 100, 110).Did(2, MessageCode.Acknowledge, 111, 112, Id(0)).History));
    }

    [Fact]
    public void One_at_a_time_leases_a_message()
    {
        Told First() => Got(Sent(1), 2, 0, 100, 110);
        Assert.Null(DeliveryRules.OneHasIt.Check(Got(First().Did(2, MessageCode.Return, 120, 121, Id(0)), 3, 0, 118, 130, 2).History));
        Assert.NotNull(DeliveryRules.OneHasIt.Check(Got(First().Did(2, MessageCode.Return, 140, 141, Id(0)), 3, 0, 118, 130, 2).History));
        Assert.NotNull(DeliveryRules.OneHasIt.Check(Got(First().Did(2, MessageCode.Acknowledge, 120, 121, Id(0)), 3, 0, 125, 130, 2).History));
        Assert.Null(DeliveryRules.OneHasIt.Check(Got(First().Died(2, 120, 125), 3, 0, 118, 130, 2).History));
        Assert.NotNull(DeliveryRules.OneHasIt.Check(Got(First().Died(2, 150, 155), 3, 0, 118, 130, 2).History));
    }

    [Fact]
    public void Each_delivery_counts_one_more()
    {
        Assert.Null(DeliveryRules.DeliveriesCounted.Check(Got(Got(Sent(1), 2, 0, 100, 110), 3, 0, 120, 130, 2).History));
        Assert.NotNull(DeliveryRules.DeliveriesCounted.Check(Got(Got(Sent(1), 2, 0, 100, 110), 3, 0, 120, 130).History));
        Assert.NotNull(DeliveryRules.DeliveriesCounted.Check(Got(Got(Sent(1), 2, 0, 100, 110), 3, 0, 120, 130, 3).History));
        Assert.Null(DeliveryRules.DeliveriesCounted.Check(Got(Got(Sent(1), 2, 0, 100, 110), 3, 0, 120, 130, 3).Began(4, MessageCode.Receive, 111).Died(4, 115, 116).History));
    }

    [Fact]
    public void What_waits_with_a_higher_priority_is_given_out_first()
    {
        long low = MessageId.Of(1, 0, 0), high = MessageId.Of(1, 1, 0);
        bool Breaks(long sent, long lowFrom, long lowTo, long highFrom) => DeliveryRules.HigherFirst(2).Check(new Told()
            .Did(1, MessageCode.Send, 1, 2, low, 1).Did(1, MessageCode.Send, sent, sent + 1, high, 1)
            .Did(2, MessageCode.Receive, lowFrom, lowTo, 0, low, 1).Did(3, MessageCode.Receive, highFrom, highFrom + 5, 0, high, 1).History) is not null;
        Assert.True(Breaks(sent: 3, lowFrom: 10, lowTo: 12, highFrom: 20));
        Assert.False(Breaks(sent: 3, lowFrom: 10, lowTo: 12, highFrom: 11));
        Assert.False(Breaks(sent: 10, lowFrom: 10, lowTo: 12, highFrom: 20));
        Assert.False(Breaks(sent: 3, lowFrom: 20, lowTo: 22, highFrom: 10));
    }
}

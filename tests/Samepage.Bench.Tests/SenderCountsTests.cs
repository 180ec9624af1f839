using Samepage.Bench.Rivals.Fans;

namespace Samepage.Bench.Tests;

public class SenderCountsTests
{
    private readonly SenderCounts _received = new(many: 2);
    private readonly SenderCounts _first = new(many: 2), _second = new(many: 2);

    [Fact]
    public void Each_sender_has_an_order_of_its_own()
    {
        ulong one = _first.Next(1), two = _first.Next(1), other = _second.Next(2);

        foreach (ulong number in new[] { one, other, two, _second.Next(2) })
            _received.Take(number);
    }

    [Fact]
    public void A_message_that_was_overtaken_is_noticed()
    {
        _ = _first.Next(1);

        _ = Assert.Throws<InvalidOperationException>(() => _received.Take(_first.Next(1)));
    }

    [Fact]
    public void A_message_that_comes_twice_is_noticed()
    {
        ulong number = _first.Next(2);
        _received.Take(number);

        _ = Assert.Throws<InvalidOperationException>(() => _received.Take(number));
    }

    [Fact]
    public void A_sender_that_is_none_is_noticed() =>
        Assert.Throws<InvalidOperationException>(() => _received.Take(new SenderCounts(many: 3).Next(3)));
}

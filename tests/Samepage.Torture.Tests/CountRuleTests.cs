using Samepage.Torture.Checking;
using Samepage.Torture.Histories;

namespace Samepage.Torture.Tests;

public class CountRuleTests
{
    private const long TimedOut = (long)WaitResult.TimedOut;

    private static bool Breaks(IEnumerable<Rule> rules, Told told) => rules.Any(r => r.Check(told.History) is not null);

    private static Told TwoTaken => new Told().Did(1, CountCode.Take, 1, 2, 0).Did(2, CountCode.Take, 3, 4, 0);

    [Fact]
    public void No_more_is_taken_than_there_was()
    {
        Assert.False(Breaks(CountRules.Semaphore(2), TwoTaken));
        Assert.True(Breaks(CountRules.Semaphore(1), TwoTaken));
        Assert.False(Breaks(CountRules.Semaphore(1), TwoTaken.Did(1, CountCode.Give, 3, 9, 0, 1)));
        Assert.True(Breaks(CountRules.Semaphore(1), TwoTaken.Did(1, CountCode.Give, 5, 9, 0, 1)));
    }

    [Fact]
    public void What_is_left_is_what_was_there_and_given_less_what_was_taken()
    {
        Assert.False(Breaks(CountRules.Semaphore(3), TwoTaken.Did(9, CountCode.Left, 10, 10, -1, 1)));
        Assert.True(Breaks(CountRules.Semaphore(3), TwoTaken.Did(9, CountCode.Left, 10, 10, -1, 2)));
        Assert.True(Breaks(CountRules.Semaphore(3), TwoTaken.Did(9, CountCode.Left, 10, 10, -1, 0)));
        Assert.False(Breaks(CountRules.Semaphore(3), TwoTaken.Began(3, CountCode.Take, 5).Did(9, CountCode.Left, 10, 10, -1, 0)));
        Assert.False(Breaks(CountRules.Semaphore(3), TwoTaken.Began(3, CountCode.Give, 5).Did(9, CountCode.Left, 10, 10, -1, 2)));
        Assert.True(Breaks(CountRules.Semaphore(3), TwoTaken.Began(3, CountCode.Give, 5).Did(9, CountCode.Left, 10, 10, -1, 3)));
    }

    [Fact]
    public void One_waiter_a_set()
    {
        Told set = new Told().Did(1, CountCode.Give, 1, 2, -1, 1).Did(2, CountCode.Take, 1, 3, 0);
        Assert.False(Breaks(CountRules.AutoEvent, set));
        Assert.True(Breaks(CountRules.AutoEvent, set.Did(3, CountCode.Take, 1, 4, 0)));
    }

    [Fact]
    public void A_set_that_nobody_took_is_still_there()
    {
        Told Set(long left) => new Told().Did(1, CountCode.Give, 1, 2, -1, 1).Did(2, CountCode.Take, 1, 3, 0, TimedOut).Did(9, CountCode.Left, 10, 10, -1, left);
        Assert.False(Breaks(CountRules.AutoEvent, Set(1)));
        Assert.True(Breaks(CountRules.AutoEvent, Set(0)));
    }

    [Fact]
    public void A_failure_is_shortened_to_what_shows_it()
    {
        Told told = TwoTaken;
        for (int i = 1; i < 50; i++)
            told = told.Did(4, CountCode.Take, 100 * i, 100 * i + 1, i).Did(4, CountCode.Give, 100 * i + 2, 100 * i + 3, i, 1);
        Rule rule = CountRules.Semaphore(1).First();
        History least = Shrinking.Shrink(told.History, rule);
        Assert.NotNull(rule.Check(least));
        Assert.Equal(2, least.Operations.Select(rule.Unit).Distinct().Count());
    }
}

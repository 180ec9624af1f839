using Samepage.Torture.Checking;

namespace Samepage.Torture.Tests;

public class NewsRuleTests
{
    private static long Id(uint number) => MessageId.Of(1, 0, number);

    private static Told Published()
    {
        Told told = new Told().Did(2, MessageCode.Subscribe, 1, 5, 7);
        for (uint i = 0; i < 3; i++)
            _ = told.Did(1, MessageCode.Send, i * 10 + 10, i * 10 + 15, Id(i), 1);
        return told;
    }

    private static Told Seen(Told told, params uint[] numbers)
    {
        foreach (uint number in numbers)
            _ = told.Did(2, MessageCode.See, 100, 101, Id(number), 0, 7);
        return told;
    }

    [Fact]
    public void What_is_seen_was_published()
    {
        Assert.Null(NewsRules.WasPublished.Check(Seen(Published(), 0, 2).History));
        Assert.NotNull(NewsRules.WasPublished.Check(Seen(Published(), 3).History));
    }

    [Fact]
    public void Between_two_that_are_seen_none_is_missing()
    {
        Assert.Null(NewsRules.NoGap.Check(Seen(Published(), 1, 2).History));
        Assert.NotNull(NewsRules.NoGap.Check(Seen(Published(), 0, 2).History));
        Assert.NotNull(NewsRules.NoGap.Check(Seen(Published(), 1, 0).History));
        Assert.NotNull(NewsRules.NoGap.Check(Seen(Published(), 1, 1).History));
    }

    [Fact]
    public void Who_stays_to_the_end_misses_nothing()
    {
        Assert.Null(NewsRules.NothingMissed.Check(Seen(Published(), 0, 1, 2).Did(2, MessageCode.Leave, 200, 201, 7, 1).History));
        Assert.NotNull(NewsRules.NothingMissed.Check(Seen(Published(), 1, 2).Did(2, MessageCode.Leave, 200, 201, 7, 1).History));
        Assert.Null(NewsRules.NothingMissed.Check(Seen(Published(), 0).Did(2, MessageCode.Leave, 200, 201, 7, 0).History));
    }

    [Fact]
    public void Of_those_that_are_dropped_none_comes_twice_or_late()
    {
        Assert.Null(NewsRules.InOrder.Check(Seen(Published(), 0, 2).History));
        Assert.NotNull(NewsRules.InOrder.Check(Seen(Published(), 2, 1).History));
        Assert.NotNull(NewsRules.InOrder.Check(Seen(Published(), 1, 1).History));
    }

    [Fact]
    public void What_was_dropped_is_counted()
    {
        bool Breaks(long missed, long toTheEnd, params uint[] seen) =>
            NewsRules.MissedAreCounted.Check(Seen(Published(), seen).Did(2, MessageCode.Leave, 200, 201, 7, toTheEnd, missed).History) is not null;
        Assert.Equal([true, false, true], [Breaks(0, 0, 0, 2), Breaks(1, 0, 0, 2), Breaks(2, 0, 0, 2)]);
        Assert.Equal([true, false, true], [Breaks(1, 1, 2), Breaks(2, 1, 2), Breaks(3, 1, 2)]);
        Assert.False(Breaks(1, 0, 2));
    }
}

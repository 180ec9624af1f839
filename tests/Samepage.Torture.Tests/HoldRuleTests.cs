using Samepage.Torture.Checking;

namespace Samepage.Torture.Tests;

public class HoldRuleTests
{
    private const long Abandoned = (long)WaitResult.Abandoned, TimedOut = (long)WaitResult.TimedOut;

    private static Told Held(Told told, int actor, long from, long to, long result = 0, long number = 0) =>
        told.Did(actor, HoldCode.Acquire, from - 1, from, number, result).Did(actor, HoldCode.Release, to, to + 1, number);

    private static Told Read(Told told, int actor, long from, long to, long result = 0) =>
        told.Did(actor, HoldCode.AcquireRead, from - 1, from, from, result).Did(actor, HoldCode.ReleaseRead, to, to + 1, from);

    [Fact]
    public void One_after_the_other_is_right() => Assert.Null(HoldRules.Exclusion.Check(Held(Held(new Told(), 1, 10, 20), 2, 20, 30).History));

    [Fact]
    public void Two_at_once_are_wrong() => Assert.NotNull(HoldRules.Exclusion.Check(Held(Held(new Told(), 1, 10, 20), 2, 15, 30).History));

    [Fact]
    public void Who_holds_it_through_another_ones_turn_is_wrong() =>
        Assert.NotNull(HoldRules.Exclusion.Check(Held(Read(Read(new Told(), 1, 10, 100), 2, 20, 30), 3, 50, 60).History));

    [Fact]
    public void Who_waited_in_vain_has_nothing() =>
        Assert.Null(HoldRules.Exclusion.Check(Held(new Told().Did(1, HoldCode.Acquire, 10, 20, 0, TimedOut), 2, 15, 30).History));

    [Fact]
    public void Readers_may_be_many() => Assert.Null(HoldRules.Exclusion.Check(Read(Read(new Told(), 1, 10, 40), 2, 20, 30).History));

    [Fact]
    public void Until_it_is_killed_the_dead_had_it()
    {
        Told dead = new Told().Did(1, HoldCode.Acquire, 9, 10).Died(1, 50, 60);
        Assert.NotNull(HoldRules.Exclusion.Check(Held(dead, 2, 40, 45, Abandoned).History));
        dead = new Told().Did(1, HoldCode.Acquire, 9, 10).Died(1, 50, 60);
        Assert.Null(HoldRules.Exclusion.Check(Held(dead, 2, 55, 58, Abandoned).History));
    }

    [Fact]
    public void Of_a_death_the_next_one_is_told()
    {
        Told DeadThen(long result) => Held(new Told().Did(1, HoldCode.Acquire, 9, 10).Died(1, 50, 60), 2, 70, 80, result);
        Assert.Null(HoldRules.ToldOnce.Check(DeadThen(Abandoned).History));
        Assert.NotNull(HoldRules.ToldOnce.Check(DeadThen(0).History));
        Assert.Null(HoldRules.ToldOnce.Check(Held(DeadThen(Abandoned), 3, 90, 95).History));
        Assert.NotNull(HoldRules.ToldOnce.Check(Held(DeadThen(Abandoned), 3, 90, 95, Abandoned).History));
    }

    [Fact]
    public void Of_nobodys_death_nobody_is_told() => Assert.NotNull(HoldRules.ToldOnce.Check(Held(Held(new Told(), 1, 10, 20), 2, 30, 40, Abandoned).History));

    [Fact]
    public void Who_died_in_taking_or_releasing_may_have_had_it()
    {
        Told taking = Held(new Told(), 3, 10, 20).Began(1, HoldCode.Acquire, 15).Died(1, 50, 60);
        Assert.Null(HoldRules.ToldOnce.Check(Held(taking, 2, 70, 80, Abandoned).History));
        Told releasing = new Told().Did(1, HoldCode.Acquire, 9, 10).Began(1, HoldCode.Release, 20).Died(1, 50, 60);
        Assert.Null(HoldRules.ToldOnce.Check(Held(releasing, 2, 30, 80).History));
        releasing = new Told().Did(1, HoldCode.Acquire, 9, 10).Began(1, HoldCode.Release, 20).Died(1, 50, 60);
        Assert.Null(HoldRules.ToldOnce.Check(Held(releasing, 2, 30, 80, Abandoned).History));
    }

    [Fact]
    public void A_death_before_the_last_holder_came_is_no_news() =>
        Assert.NotNull(HoldRules.ToldOnce.Check(Held(Held(new Told().Began(1, HoldCode.Acquire, 5).Died(1, 7, 9), 2, 20, 30), 3, 40, 50, Abandoned).History));

    [Fact]
    public void All_are_told_until_a_writer_has_left()
    {
        Told dead = new Told().Did(1, HoldCode.Acquire, 9, 10).Died(1, 50, 60);
        Assert.Null(HoldRules.ToldUntilRepaired.Check(Read(Held(Read(dead, 2, 70, 75, Abandoned), 3, 80, 85, Abandoned), 4, 90, 95).History));
        Told untold = new Told().Did(1, HoldCode.Acquire, 9, 10).Died(1, 50, 60);
        Assert.NotNull(HoldRules.ToldUntilRepaired.Check(Read(Read(untold, 2, 70, 75, Abandoned), 3, 80, 85).History));
        Told forEver = new Told().Did(1, HoldCode.Acquire, 9, 10).Died(1, 50, 60);
        Assert.NotNull(HoldRules.ToldUntilRepaired.Check(Read(Held(forEver, 3, 80, 85, Abandoned), 4, 90, 95, Abandoned).History));
    }
}

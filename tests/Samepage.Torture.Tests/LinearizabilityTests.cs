using Samepage.Torture.Linear;

namespace Samepage.Torture.Tests;

public class LinearizabilityTests
{
    private const long TimedOut = (long)WaitResult.TimedOut, Abandoned = (long)WaitResult.Abandoned;

    private static bool Holds<TState>(Model<TState> model, Told told) where TState : IEquatable<TState> => Linearizability.Holds(told.History.Operations, model);

    private static bool Register(Told told) => Holds(new RegisterModel(), told);

    private static bool Semaphore(Told told) => Holds(new SemaphoreModel(1, 2), told);

    private static bool Event(Told told) => Holds(new AutoEventModel(), told);

    private static bool Mutex(Told told) => Holds(new MutexModel(), told);

    private static bool Fifo(Told told) => Holds(new FifoModel(), told);

    [Fact]
    public void A_register_has_what_was_written_last()
    {
        Assert.True(Register(new Told().Did(1, LinearCode.Write, 1, 2, 5).Did(2, LinearCode.Read, 3, 4, 0, 5)));
        Assert.False(Register(new Told().Did(1, LinearCode.Write, 1, 2, 5).Did(2, LinearCode.Read, 3, 4, 0, 0)));
        Assert.False(Register(new Told().Did(1, LinearCode.Write, 1, 2, 5).Did(1, LinearCode.Write, 3, 4, 6).Did(2, LinearCode.Read, 5, 6, 0, 5)));
    }

    [Fact]
    public void What_overlaps_may_have_come_before_or_after_but_for_all_alike()
    {
        Told Both(long first, long second) => new Told().Did(1, LinearCode.Write, 1, 10, 5).Did(2, LinearCode.Read, 2, 3, 0, first).Did(3, LinearCode.Read, 4, 5, 0, second);
        Assert.True(Register(Both(0, 5)));
        Assert.True(Register(Both(5, 5)));
        Assert.False(Register(Both(5, 0)));
    }

    [Fact]
    public void What_was_pending_happened_or_not()
    {
        Told Dead() => new Told().Began(1, LinearCode.Write, 1, 5);
        Assert.True(Register(Dead().Did(2, LinearCode.Read, 2, 3, 0, 5)));
        Assert.True(Register(Dead().Did(2, LinearCode.Read, 2, 3, 0, 0).Did(2, LinearCode.Read, 4, 5, 0, 5)));
        Assert.False(Register(Dead().Did(2, LinearCode.Read, 2, 3, 0, 5).Did(2, LinearCode.Read, 4, 5, 0, 0)));
    }

    [Fact]
    public void A_semaphore_gives_what_it_has()
    {
        Told Two(long second) => new Told().Did(1, LinearCode.Take, 1, 2).Did(2, LinearCode.Take, 3, 4, 0, second);
        Assert.True(Semaphore(Two(TimedOut)));
        Assert.False(Semaphore(Two(0)));
        Assert.False(Semaphore(new Told().Did(1, LinearCode.Take, 1, 2, 0, TimedOut)));
        Assert.True(Semaphore(new Told().Did(1, LinearCode.Give, 1, 2, 0, 1).Did(1, LinearCode.Give, 3, 4, 0, 0)));
        Assert.False(Semaphore(new Told().Did(1, LinearCode.Give, 1, 2, 0, 1).Did(1, LinearCode.Give, 3, 4, 0, 1)));
        Assert.True(Semaphore(Two(0).Began(3, LinearCode.Give, 1)));
    }

    [Fact]
    public void A_set_wakes_one()
    {
        Assert.True(Event(new Told().Did(1, LinearCode.Give, 1, 2).Did(2, LinearCode.Take, 3, 4).Did(3, LinearCode.Take, 5, 6, 0, TimedOut)));
        Assert.False(Event(new Told().Did(1, LinearCode.Give, 1, 2).Did(2, LinearCode.Take, 3, 4).Did(3, LinearCode.Take, 3, 6)));
        Assert.False(Event(new Told().Did(1, LinearCode.Give, 1, 2).Did(2, LinearCode.Take, 3, 4, 0, TimedOut)));
        Assert.False(Event(new Told().Did(1, LinearCode.Give, 1, 2).Did(1, LinearCode.Reset, 3, 4).Did(2, LinearCode.Take, 5, 6)));
    }

    [Fact]
    public void A_mutex_has_one_owner_and_tells_of_its_death()
    {
        Assert.True(Mutex(new Told().Did(1, LinearCode.Take, 1, 2).Did(1, LinearCode.Give, 3, 6).Did(2, LinearCode.Take, 4, 5)));
        Assert.False(Mutex(new Told().Did(1, LinearCode.Take, 1, 2).Did(1, LinearCode.Give, 6, 7).Did(2, LinearCode.Take, 4, 5)));
        Assert.False(Mutex(new Told().Did(1, LinearCode.Take, 1, 2, 0, TimedOut)));
        Told Dead(long told) => new Told().Did(1, LinearCode.Take, 1, 2).Did(1, LinearCode.Die, 3, 4).Did(2, LinearCode.Take, 5, 6, 0, told);
        Assert.True(Mutex(Dead(Abandoned)));
        Assert.False(Mutex(Dead(0)));
        Told Pending(long told) => new Told().Began(1, LinearCode.Take, 1).Did(1, LinearCode.Die, 3, 4).Did(2, LinearCode.Take, 5, 6, 0, told);
        Assert.True(Mutex(Pending(Abandoned)));
        Assert.True(Mutex(Pending(0)));
        Assert.False(Mutex(Pending(TimedOut)));
    }

    [Fact]
    public void A_queue_gives_first_what_came_first()
    {
        Told Sent() => new Told().Did(1, LinearCode.Send, 1, 2, 1).Did(1, LinearCode.Send, 3, 4, 2);
        Assert.True(Fifo(Sent().Did(2, LinearCode.Receive, 5, 6, 0, 1).Did(2, LinearCode.Receive, 7, 8, 0, 2)));
        Assert.False(Fifo(Sent().Did(2, LinearCode.Receive, 5, 6, 0, 2).Did(2, LinearCode.Receive, 7, 8, 0, 1)));
        Assert.True(Fifo(Sent().Did(2, LinearCode.Receive, 5, 9, 0, 2).Did(3, LinearCode.Receive, 7, 8, 0, 1)));
        Assert.False(Fifo(Sent().Did(2, LinearCode.Receive, 5, 6, 0, 0)));
        Assert.False(Fifo(Sent().Did(2, LinearCode.Receive, 5, 9, 0, 1).Did(3, LinearCode.Receive, 7, 8, 0, 1)));
        Assert.True(Fifo(Sent().Began(2, LinearCode.Receive, 3).Did(3, LinearCode.Receive, 7, 8, 0, 2)));
    }

    [Fact]
    public void Many_that_overlap_are_not_searched_twice()
    {
        var told = new Told();
        for (int i = 1; i <= 40; i++)
            _ = told.Did(i, LinearCode.Give, 1, 100).Did(i, LinearCode.Take, 200 + i, 300, 0, i == 1 ? 0 : TimedOut);
        Assert.Throws<ArgumentOutOfRangeException>(() => Event(told));
        told = new Told();
        for (int i = 1; i <= 16; i++)
            _ = told.Did(i, LinearCode.Give, 1, 100).Did(i, LinearCode.Take, 200, 300, 0, i <= 2 ? 0 : TimedOut);
        Assert.False(Event(told));
    }
}

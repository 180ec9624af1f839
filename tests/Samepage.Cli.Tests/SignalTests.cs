namespace Samepage.Cli.Tests;

public sealed class SignalTests : CliTest
{
    [Fact]
    public void A_set_wakes_one_that_waits()
    {
        Create("event", "ready");
        Running waiting = Start("wait", "ready");
        Until("ready", info => info.GetProperty("state").GetProperty("hasWaiters").GetBoolean());
        Assert.Equal("set \"ready\"\n", Succeed("set", "ready").Text);
        Assert.Equal(0, waiting.End().Code);
        Assert.Contains("was not set within 0 s", Fail(3, "wait", "ready", "-t", "0"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manual_event_stays_set_until_it_is_reset()
    {
        Create("event", "ready", "--manual", "--set");
        Succeed("wait", "ready", "--timeout", "0");
        Succeed("wait", "ready", "--timeout", "0");
        Succeed("reset", "ready");
        Fail(3, "wait", "ready", "--timeout", "0");
    }

    [Fact]
    public void Permits_are_taken_and_given_back()
    {
        Create("semaphore", "slots", "--initial", "1", "--max", "3");
        Succeed("wait", "slots", "--timeout", "0");
        Assert.Contains("had no permit", Fail(3, "wait", "slots", "--timeout", "0"), StringComparison.Ordinal);
        Assert.Equal("released 2 of \"slots\"; there were 0 before\n", Succeed("release", "slots", "2").Text);
        Succeed("release", "slots");
        Assert.Contains("its maximum is 3", Fail(1, "release", "slots"), StringComparison.Ordinal);
        Assert.Equal(3, Json("info", "slots", "--json").GetProperty("state").GetProperty("count").GetInt32());
        Fail(2, "release", "slots", "0");
    }

    [Fact]
    public void Waiting_for_a_mutex_gives_it_back()
    {
        Create("mutex", "x");
        Succeed("wait", "x");
        Assert.True(Json("info", "x", "--json").GetProperty("state").GetProperty("isSignaled").GetBoolean());
    }

    [Fact]
    public void A_wait_can_be_interrupted()
    {
        Create("event", "ready");
        Running waiting = Start("wait", "ready");
        Until("ready", info => info.GetProperty("state").GetProperty("hasWaiters").GetBoolean());
        Assert.Equal(130, waiting.Interrupt().Code);
    }

    [Fact]
    public void Each_verb_wants_its_kind()
    {
        Create("section", "memory", "--size", "1");
        Create("mutex", "lock");
        Assert.Contains("nothing to wait for", Fail(1, "wait", "memory"), StringComparison.Ordinal);
        Fail(1, "set", "lock");
        Fail(1, "reset", "memory");
        Fail(1, "release", "lock");
        Fail(1, "set", "absent");
    }
}

using System.Text.Json;

namespace Samepage.Cli.Tests;

/// <summary>What <c>watch</c> tells of objects that other processes make, use and leave.</summary>
public sealed class WatchTests : CliTest
{
    [Fact]
    public void An_object_is_waited_for_and_its_end_is_told()
    {
        Running watch = Start("watch", "ready", "--every", "10ms").After("ready\twaiting for \"ready\" to be made");
        Running maker = Create("event", "ready", "--set");
        watch.After($"created by {maker.Id} ").After("event, set, auto");
        maker.Interrupt();
        watch.After("removed; waiting for \"ready\" to be made");
        Running second = Create("mutex", "ready");
        watch.After($"created by {second.Id} ").After("mutex, free");
        Outcome end = watch.Interrupt();
        Assert.Equal((130, ""), (end.Code, end.Error));
        Assert.All(end.Lines, l => Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z\tready\t\S", l));
        Assert.Equal(4, end.Lines.Length);
    }

    [Fact]
    public void Who_holds_a_section_is_followed()
    {
        Create("section", "zzj", "--size", "4K");
        Running watch = Start("watch", "zzj", "--every", "10ms").After("zzj\tsection, committed");
        Running holder = Start("hold", "zzj").After("holding");
        watch.After($"holder joined: {holder.Id} ");
        holder.Signal(9);
        holder.End();
        watch.After($"holder left: {holder.Id} ");
    }

    [Fact]
    public void Who_takes_a_mutex_and_how_it_ends_is_told()
    {
        Create("mutex", "lock");
        Running watch = Start("watch", "lock", "--every", "10ms").After("mutex, free");
        Running owner = Start("lock", "lock", "--", "cat");
        watch.After($"taken by {owner.Id} ");
        owner.Input.Close();
        watch.After("released");
        Running dead = Start("lock", "lock", "--", "cat");
        watch.After($"taken by {dead.Id} ");
        dead.Signal(9);
        dead.Input.Close();
        watch.After("abandoned: its owner ended without releasing it");
        Assert.Equal(4, watch.Interrupt().Lines.Length - 1);
    }

    [Fact]
    public void Signals_permits_and_waiters_are_told_of_several()
    {
        Create("event", "ready", "--manual");
        Create("semaphore", "slots", "--initial", "1", "--max", "3");
        Running watch = Start("watch", "ready", "slots", "--every", "10ms").After("slots\tsemaphore, 1 of 3");
        Running waiter = Start("wait", "ready");
        watch.After("ready\twaiters 0 -> 1");
        Succeed("release", "slots", "2");
        watch.After("slots\tpermits 1 -> 3 of 3");
        Succeed("set", "ready");
        watch.After("ready\tset").After("ready\twaiters 1 -> 0");
        Assert.Equal(0, waiter.End().Code);
        Succeed("reset", "ready");
        watch.After("ready\treset");
    }

    [Fact]
    public void Json_is_a_value_a_line_and_a_count_ends_it()
    {
        Create("semaphore", "slots", "--max", "3");
        Running watch = Start("watch", "slots", "--json", "--count", "2", "--every", "10ms").After("present");
        Succeed("release", "slots");
        watch.After("\"now\":1");
        Succeed("release", "slots", "2");
        Outcome end = watch.End();
        Assert.Equal((0, ""), (end.Code, end.Error));
        JsonElement[] events = [.. end.Lines.Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(["present", "count", "count"], events.Select(e => e.GetProperty("event").GetString()));
        Assert.All(events, e => Assert.Equal(("slots", "semaphore"), (e.GetProperty("name").GetString(), e.GetProperty("kind").GetString())));
        Assert.Equal((1, 3), (events[2].GetProperty("before").GetInt32(), events[2].GetProperty("now").GetInt32()));
        Assert.Equal(3, events[2].GetProperty("state").GetProperty("count").GetInt32());
        Assert.InRange(DateTimeOffset.UtcNow - events[0].GetProperty("time").GetDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Time_ends_it_well_unless_it_was_to_see_something()
    {
        Create("event", "ready", "--set");
        Outcome end = Run("watch", "ready", "--for", "50ms");
        Assert.Equal((0, ""), (end.Code, end.Error));
        Assert.EndsWith("event, set, auto", Assert.Single(end.Lines), StringComparison.Ordinal);
        Assert.Equal(3, Run("watch", "ready", "--for", "50ms", "--count", "1").Code);
    }

    [Fact]
    public void Watching_holds_and_takes_nothing()
    {
        Running maker = Create("event", "ready", "--set");
        Running watch = Start("watch", "ready", "--every", "10ms").After("event, set, auto");
        Assert.True(Json("info", "ready", "--json").GetProperty("state").GetProperty("isSignaled").GetBoolean());
        Succeed("wait", "ready", "--timeout", "0");
        watch.After("reset");
        maker.Interrupt();
        watch.After("removed");
        Fail(1, "info", "ready");
    }

    [Fact]
    public void A_name_that_cannot_be_is_refused() => Fail(2, "watch", "ready", @"a\b");
}

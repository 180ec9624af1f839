using Samepage.Channels;
using Samepage.Cli.Top;

namespace Samepage.Cli.Tests;

/// <summary>What top makes of two looks, and what keys do to it: without a terminal.</summary>
public sealed class TopModelTests
{
    private static readonly DateTimeOffset _made = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Rates_are_what_came_between_two_looks_by_their_time()
    {
        TopLook before = Look(10, Object("a", messages: 100, bytes: 1_000), Object("anew", messages: 5), Object("shrunk", bytes: 50));
        TopLook now = Look(12, Object("a", messages: 105, bytes: 5_000), Object("anew", messages: 50) with { CreatorProcessId = 2 }, Object("shrunk", bytes: 10), Object("new", messages: 9));
        Assert.Equal([("a", 2.5, 2_000), ("anew", null, null), ("shrunk", null, 0), ("new", null, null)],
            TopModel.Rows(before, now).Select(r => (r.Object.Name, r.MessageRate, r.ByteRate)));
        Assert.All(TopModel.Rows(null, now), r => Assert.Equal((null, null), (r.MessageRate, r.ByteRate)));
        Assert.All(TopModel.Rows(now, now), r => Assert.Equal((null, null), (r.MessageRate, r.ByteRate)));
    }

    [Theory]
    [InlineData("Name", false, "a b c d")]
    [InlineData("Name", true, "d c b a")]
    [InlineData("Kind", false, "c d a b")]
    [InlineData("Holders", false, "b a c d")]
    [InlineData("Lag", false, "d a b c")]
    [InlineData("Lag", true, "c b a d")]
    [InlineData("Waiters", false, "c d a b")]
    [InlineData("Blocked", false, "b a c d")]
    public void Names_rise_numbers_fall_and_what_has_none_comes_last(string by, bool reversed, string expected)
    {
        TopLook look = Look(1,
            Object("b") with { Holders = 3, Blocked = "1 blocks 2" },
            Object("a") with { Holders = 2, Lag = 0 },
            Object("d", SharedObjectKind.Mutex) with { Lag = 7, Waiters = 0 },
            Object("c", SharedObjectKind.Cell) with { Waiters = 4 });
        Assert.Equal(expected, string.Join(' ', TopModel.Sorted(TopModel.Rows(null, look), Enum.Parse<TopSort>(by), reversed).Select(r => r.Object.Name)));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("PRICE", true)]
    [InlineData(@"global\p", true)]
    [InlineData("*prices", true)]
    [InlineData(@"Global\*", true)]
    [InlineData("prices*", false)]
    [InlineData("price?", false)]
    [InlineData("*price?", true)]
    [InlineData("topic", true)]
    [InlineData("queue", false)]
    public void A_pattern_is_looked_for_in_names_and_kinds(string pattern, bool matches) =>
        Assert.Equal(matches, TopModel.Matches(Object(@"Global\prices"), pattern));

    [Fact]
    public void Keys_choose_and_the_chosen_object_stays_chosen()
    {
        var state = new TopState();
        Assert.True(state.Press(Key(ConsoleKey.DownArrow), 5));
        state.See(Look(1, Object("a"), Object("b"), Object("c"), Object("d")));
        Press(state, ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.UpArrow, ConsoleKey.DownArrow);
        Assert.Equal("c", Chosen(state));
        state.See(Look(2, Object("0"), Object("a"), Object("c")));
        Assert.Equal("c", Chosen(state));
        state.See(Look(3, Object("a"), Object("b")));
        Assert.Equal("b", Chosen(state));
        Press(state, ConsoleKey.Home);
        Assert.Equal("a", Chosen(state));
        Press(state, ConsoleKey.UpArrow, ConsoleKey.End, ConsoleKey.PageDown);
        Assert.Equal("b", Chosen(state));
        state.See(Look(4));
        Press(state, ConsoleKey.PageDown, ConsoleKey.Enter);
        Assert.Equal((0, TopPage.Table), (state.Chosen, state.Page));
    }

    [Fact]
    public void The_chosen_row_is_among_those_that_are_shown()
    {
        var state = new TopState();
        state.See(Look(1, [.. Enumerable.Range(0, 100).Select(i => Object($"{i:000}"))]));
        Assert.Equal(0, state.FirstShown(10));
        Assert.True(state.Press(Key(ConsoleKey.PageDown), 10));
        Assert.Equal((10, 1), (state.Chosen, state.FirstShown(10)));
        Press(state, ConsoleKey.UpArrow);
        Assert.Equal((9, 1), (state.Chosen, state.FirstShown(10)));
        Press(state, ConsoleKey.End);
        Assert.Equal((99, 90), (state.Chosen, state.FirstShown(10)));
        Assert.Equal(0, state.FirstShown(200));
    }

    [Fact]
    public void Keys_sort_reverse_pause_and_quit()
    {
        var state = new TopState();
        state.See(Look(1, Object("a") with { Holders = 1 }, Object("b") with { Holders = 2 }));
        Type(state, "ss");
        Assert.Equal((TopSort.Holders, "b"), (state.Sort, state.Rows[0].Object.Name));
        Type(state, "r");
        Assert.Equal((true, "a"), (state.IsReversed, state.Rows[0].Object.Name));
        Type(state, "ssssss");
        Assert.Equal(TopSort.Name, state.Sort);
        Type(state, "p");
        Assert.True(state.IsPaused);
        Type(state, "p");
        Assert.False(state.IsPaused);
        Assert.False(state.Press(Key('q'), 5));
    }

    [Fact]
    public void A_filter_counts_while_it_is_typed()
    {
        var state = new TopState();
        state.See(Look(1, Object("prices"), Object("quotes")));
        Type(state, "/q");
        Assert.Equal(("q", true, "quotes"), (state.Filter, state.IsTyping, Assert.Single(state.Rows).Object.Name));
        Type(state, "x");
        Assert.Empty(state.Rows);
        Assert.Equal(2, state.Count);
        Press(state, ConsoleKey.Backspace, ConsoleKey.Enter);
        Assert.Equal(("q", false), (state.Filter, state.IsTyping));
        Type(state, "/z");
        Press(state, ConsoleKey.Escape);
        Assert.Equal(("", 2), (state.Filter, state.Rows.Count));
    }

    [Fact]
    public void Details_and_help_lead_back()
    {
        var state = new TopState();
        state.See(Look(1, Object("a")));
        Press(state, ConsoleKey.Enter, ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.UpArrow);
        Assert.Equal((TopPage.Details, 1), (state.Page, state.FirstDetail));
        Type(state, "q");
        Assert.Equal(TopPage.Table, state.Page);
        Type(state, "?");
        Assert.Equal(TopPage.Help, state.Page);
        Press(state, ConsoleKey.Escape);
        Assert.Equal(TopPage.Table, state.Page);
    }

    [Fact]
    public void Who_blocks_whom_is_told_as_far_as_it_is_known()
    {
        SharedObjectInfo mutex = new()
        {
            Name = "m",
            Kind = SharedObjectKind.Mutex,
            Scope = SharedObjectScope.Local,
            Size = 0,
            Holders = [new(1, "one"), new(2, "two")],
            State = new() { IsSignaled = false, WaiterCount = 2, OwnerProcessId = 1 },
        };
        Assert.Equal("1 one blocks 2", Blocking.Of(mutex, null));
        Assert.Equal("1 one blocks 2 two, 3", Blocking.Of(mutex with { State = mutex.State with { Waiters = [new(2, "two"), new(3, ""), new(2, "two")] } }, null));
        Assert.Equal("1 one blocks others", Blocking.Of(mutex with { State = mutex.State with { WaiterCount = null, HasWaiters = true } }, null));
        Assert.Equal("thread 5 blocks 2", Blocking.Of(mutex with { State = mutex.State with { OwnerProcessId = 0, OwnerThreadId = 5 } }, null));
        Assert.Equal("", Blocking.Of(mutex with { State = mutex.State with { WaiterCount = 0, HasWaiters = true } }, null));
        Assert.Equal("", Blocking.Of(mutex with { State = mutex.State with { IsSignaled = true } }, null));
    }

    [Fact]
    public void The_last_subscriber_blocks_publishers_that_wait_for_room()
    {
        SharedObjectInfo topic = new()
        {
            Name = "t",
            Kind = SharedObjectKind.Topic,
            Scope = SharedObjectScope.Local,
            Size = 0,
            Holders = [new(1, "pub"), new(3, "slow")],
        };
        ChannelInfo channel = new()
        {
            Name = "t",
            Kind = SharedObjectKind.Topic,
            Capacity = 65536,
            MaxWriters = 1,
            MaxReaders = 2,
            MessageType = "",
            FullMode = TopicFullMode.Wait,
            Writers = [new(0, 1, true, 10, 1_000, null, IsWaiting: true), new(1, 4, true, 10, 1_000, null, IsWaiting: false)],
            Readers = [new(2, true, 1, 100, 0, IsWaiting: false, null), new(3, true, 9, 900, 0, IsWaiting: false, null), new(5, true, 0, 0, 0, IsWaiting: true, null)],
        };
        Assert.Equal("3 slow blocks 1 pub", Blocking.Of(topic, channel));
        Assert.Equal(9, TopObject.Of(topic, channel).Lag);
        Assert.Equal((20, 2_000, 2), (TopObject.Of(topic, channel).Messages, TopObject.Of(topic, channel).Bytes, TopObject.Of(topic, channel).Waiters));
        Assert.NotNull(TopObject.Of(topic, channel with { Writers = [.. channel.Writers.Select(w => w with { Written = long.MaxValue, Position = long.MaxValue })] }).Messages);
        Assert.Equal("", Blocking.Of(topic, channel with { Readers = [] }));
        Assert.Equal("", Blocking.Of(topic, channel with { FullMode = TopicFullMode.DropOldest }));
        Assert.Equal("", Blocking.Of(topic, null));
    }

    internal static TopObject Object(string name, SharedObjectKind kind = SharedObjectKind.Topic, long? messages = null, long? bytes = null) =>
        new() { Name = name, Kind = kind, Created = _made, CreatorProcessId = 1, Messages = messages, Bytes = bytes };

    internal static TopLook Look(double seconds, params TopObject[] objects) => new(TimeSpan.FromSeconds(seconds), objects);

    internal static void Type(TopState state, string keys) => Assert.All(keys, key => Assert.True(state.Press(Key(key), 5)));

    internal static void Press(TopState state, params ConsoleKey[] keys) => Assert.All(keys, key => Assert.True(state.Press(Key(key), 5)));

    private static string Chosen(TopState state) => state.Rows[state.Chosen].Object.Name;

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, false, false, false);

    private static ConsoleKeyInfo Key(char key) => new(key, ConsoleKey.None, false, false, false);
}

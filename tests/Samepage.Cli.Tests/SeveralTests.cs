using System.Text.Json;

namespace Samepage.Cli.Tests;

/// <summary>Waits for any and for all of several.</summary>
public sealed class SeveralTests : CliTest
{
    [Fact]
    public void Any_ends_with_the_name_of_the_one_that_is_set_while_it_waits()
    {
        CreateEvents("a", "b", "c");
        Running waiting = Start("wait", "--any", "a", "b", "c");
        Until("b", HasWaiters);
        Succeed("set", "b");
        Outcome end = waiting.End();
        Assert.Equal((0, "b\n", ""), (end.Code, end.Text, end.Error));
        Assert.False(IsSignaled("b"));
    }

    [Fact]
    public void Any_takes_the_first_in_order_of_several_and_leaves_the_others()
    {
        CreateEvents("a", "b", "c");
        Succeed("set", "c");
        Succeed("set", "b");
        Assert.Equal("b\n", Succeed("wait", "a", "b", "c", "--any").Text);
        Assert.Equal("c\n", Succeed("wait", "a", "b", "c", "--any").Text);
        Assert.Equal("", Run("wait", "a", "b", "c", "--any", "--timeout", "0").Text);
    }

    [Fact]
    public void Any_mixes_kinds_and_gives_back_only_mutexes()
    {
        CreateEvents("event");
        Create("semaphore", "slots", "--initial", "1", "--max", "1");
        Create("mutex", "lock");
        Assert.Equal("lock\n", Succeed("wait", "--any", "event", "lock", "slots").Text);
        Assert.True(IsSignaled("lock"));
        Assert.Equal("slots\n", Succeed("wait", "--any", "event", "slots", "lock").Text);
        Assert.False(IsSignaled("slots"));
    }

    [Fact]
    public void Any_of_one_prints_its_name_as_it_was_given()
    {
        Create("event", "true", "--manual", "--set");
        Assert.Equal("true\n", Succeed("wait", "--any", "true").Text);
        Assert.Equal("Local\\true\n", Succeed("wait", "--any", @"Local\true", "true").Text);
        Assert.Equal("go\n", Shell("case $($samepage wait --any true) in true) echo go ;; *) echo stay ;; esac").End().Text);
    }

    [Fact]
    public void All_waits_for_the_last_and_takes_all()
    {
        CreateEvents("a", "b");
        Create("semaphore", "slots", "--initial", "2", "--max", "2");
        Create("mutex", "lock");
        Running waiting = Start("wait", "--all", "a", "slots", "lock", "b");
        Until("a", HasWaiters);
        Succeed("set", "a");
        Until("b", HasWaiters);
        Assert.True(IsSignaled("a"));
        Assert.Equal(2, Permits("slots"));
        Succeed("set", "b");
        Outcome end = waiting.End();
        Assert.Equal((0, "", ""), (end.Code, end.Text, end.Error));
        Assert.False(IsSignaled("a"));
        Assert.False(IsSignaled("b"));
        Assert.Equal(1, Permits("slots"));
        Assert.True(IsSignaled("lock"));
    }

    [Fact]
    public void All_gives_every_mutex_back()
    {
        Create("mutex", "left");
        Create("mutex", "right");
        Assert.Equal("", Succeed("wait", "--all", "left", "right").Text);
        Assert.True(IsSignaled("left"));
        Assert.True(IsSignaled("right"));
    }

    [Fact]
    public void A_wait_for_any_in_vain_names_them_and_takes_nothing()
    {
        CreateEvents("a", "b", "c");
        Outcome end = Run("wait", "--any", "a", "b", "c", "--timeout", "50ms");
        Assert.Equal((3, "", "samepage: none of \"a\", \"b\" and \"c\" was signalled within 0.05 s.\n"), (end.Code, end.Text, end.Error));
        Assert.Contains("event \"a\" was not set within 0 s", Fail(3, "wait", "--any", "a", "-t", "0"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_for_all_in_vain_names_what_is_missing_and_takes_nothing()
    {
        CreateEvents("a", "b");
        Create("mutex", "lock");
        Succeed("set", "a");
        Assert.Equal(
            "samepage: \"a\", \"b\" and \"lock\" were not all signalled at one moment within 0.05 s. Missing now: \"b\".\n",
            Fail(3, "wait", "--all", "a", "b", "lock", "--timeout", "50ms"));
        Assert.True(IsSignaled("a"));
        Assert.True(IsSignaled("lock"));
    }

    [Fact]
    public void Of_many_names_a_message_lists_the_first()
    {
        CreateEvents("a");
        string[] names = [.. Enumerable.Repeat("a", 5)];
        Assert.Contains("none of \"a\", \"a\", \"a\", \"a\" and \"a\" was", Fail(3, ["wait", "--any", "-t", "0", .. names]), StringComparison.Ordinal);
        Assert.Contains("none of \"a\", \"a\", \"a\", \"a\" and 2 more was", Fail(3, ["wait", "--any", "-t", "0", "a", .. names]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--any")]
    [InlineData("--all")]
    public void A_wait_can_be_interrupted(string which)
    {
        CreateEvents("a", "b");
        Running waiting = Start("wait", which, "a", "b");
        Until("a", HasWaiters);
        Outcome end = waiting.Interrupt();
        Assert.Equal((130, ""), (end.Code, end.Text));
    }

    [Theory]
    [InlineData("mutex \"left\" was abandoned", "left\n", "--any", "left", "right")]
    [InlineData("mutex \"left\" was abandoned: its last owner ended without releasing it. What it protects may be half-changed.\n", "", "--all", "right", "left")]
    [InlineData("half-changed. So may be the mutexes named after it.\n", "", "--all", "left", "right")]
    public void An_abandoned_mutex_is_told_and_free_afterwards(string told, string printed, params string[] arguments)
    {
        Create("mutex", "left");
        Create("mutex", "right");
        Running owner = Start("lock", "left", "--", "sh", "-c", "echo in; cat").After("in");
        owner.Signal(9);
        owner.Input.Close();
        owner.End();
        Outcome end = Run(["wait", .. arguments]);
        Assert.Equal((0, printed), (end.Code, end.Text));
        Assert.Contains(told, end.Error, StringComparison.Ordinal);
        Assert.Empty(Succeed(["wait", .. arguments]).Error);
    }

    [Theory]
    [InlineData("Several names need --any", "a", "b")]
    [InlineData("--any and --all exclude each other", "a", "b", "--any", "--all")]
    [InlineData("\"a\" is named twice: --all takes each object once", "--all", "a", "b", "a")]
    [InlineData("Required argument 'NAME' missing", "--any")]
    public void A_command_line_that_cannot_be_is_explained(string expected, params string[] arguments)
    {
        string error = Fail(2, ["wait", .. arguments]);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("Try: samepage wait --help", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_under_two_names_is_a_mistake_for_all()
    {
        CreateEvents("a");
        Assert.Contains("takes each object once", Fail(2, "wait", "--all", "a", @"Local\a"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--any")]
    [InlineData("--all")]
    public void What_is_absent_or_a_section_is_told_before_anything_is_taken(string which)
    {
        Create("event", "set", "--set");
        Create("section", "memory", "--size", "1");
        Assert.Contains("no object named \"xyz\" is alive", Fail(1, "wait", which, "set", "xyz"), StringComparison.Ordinal);
        Assert.Contains("\"memory\" is a section: there is nothing to wait for", Fail(1, "wait", which, "set", "memory"), StringComparison.Ordinal);
        Assert.True(IsSignaled("set"));
    }

    private static bool HasWaiters(JsonElement info) => info.GetProperty("state").GetProperty("hasWaiters").GetBoolean();

    private bool IsSignaled(string name) => Json("info", name, "--json").GetProperty("state").GetProperty("isSignaled").GetBoolean();

    private int Permits(string name) => Json("info", name, "--json").GetProperty("state").GetProperty("count").GetInt32();

    private void CreateEvents(params string[] names)
    {
        foreach (string name in names)
            Create("event", name);
    }
}

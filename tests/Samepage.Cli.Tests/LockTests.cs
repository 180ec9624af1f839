namespace Samepage.Cli.Tests;

public sealed class LockTests : CliTest
{
    [Fact]
    public void The_commands_exit_code_and_output_are_passed_on()
    {
        Outcome outcome = Run("lock", "x", "--", "sh", "-c", "echo out; echo error >&2; exit 7");
        Assert.Equal((7, "out\n", "error\n"), (outcome.Code, outcome.Text, outcome.Error));
    }

    [Fact]
    public void The_command_has_the_tools_input() => Assert.Equal("abc", RunOn("abc"u8, "lock", "x", "--", "cat").Text);

    [Fact]
    public void Arguments_after_the_dashes_are_the_commands() =>
        Assert.Equal("--help -- --timeout 1s", Succeed("lock", "x", "--timeout", "5s", "--", "printf", "%s", "--help -- --timeout 1s").Text);

    [Fact]
    public void A_second_one_waits_for_the_first()
    {
        Running first = Start("lock", "x", "--", "sh", "-c", "echo in; read line; echo out >> order");
        first.After("in");
        Running second = Start("lock", "x", "--", "sh", "-c", "echo second >> order");
        Until("x", info => info.GetProperty("state").GetProperty("hasWaiters").GetBoolean());
        first.Input.Write("\n"u8);
        first.Input.Close();
        Assert.Equal(0, first.End().Code);
        Assert.Equal(0, second.End().Code);
        Assert.Equal(["out", "second"], File.ReadAllLines(Path.Combine(Root, "order")));
    }

    [Fact]
    public void A_wait_in_vain_times_out_and_names_the_owner()
    {
        Running owner = Start("lock", "x", "--", "sh", "-c", "echo in; cat");
        owner.After("in");
        string error = Fail(3, "lock", "x", "--timeout", "50ms", "--", "touch", "never");
        Assert.Contains($"owned by process {owner.Id}", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Root, "never")));
        Fail(3, "wait", "x", "--timeout", "0");
    }

    [Fact]
    public void A_waiting_one_can_be_interrupted()
    {
        Start("lock", "x", "--", "sh", "-c", "echo in; cat").After("in");
        Running waiting = Start("lock", "x", "--", "touch", "never");
        Until("x", info => info.GetProperty("state").GetProperty("hasWaiters").GetBoolean());
        Assert.Equal(130, waiting.Interrupt().Code);
        Assert.False(File.Exists(Path.Combine(Root, "never")));
    }

    [Fact]
    public void An_abandoned_mutex_is_told_and_the_command_runs()
    {
        Create("mutex", "x");
        Running owner = Start("lock", "x", "--", "sh", "-c", "echo in; cat").After("in");
        owner.Signal(9);
        owner.Input.Close();
        Outcome next = Run("lock", "x", "--", "echo", "mine");
        Assert.Equal((0, "mine\n"), (next.Code, next.Text));
        Assert.Contains("abandoned", next.Error, StringComparison.Ordinal);
        Assert.Empty(Succeed("lock", "x", "--", "true").Error);
    }

    [Fact]
    public void A_request_to_terminate_goes_to_the_command_which_ends_first()
    {
        // The shell's wait, unlike its read, cannot miss a signal that comes just before it.
        Running owner = Start("lock", "x", "--", "sh", "-c", "trap 'kill $!; echo asked; exit 5' TERM; sleep 60 & echo in; wait").After("in");
        owner.Signal(15);
        Outcome end = owner.End();
        Assert.Equal(5, end.Code);
        Assert.Contains("asked", end.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_cannot_be_started_is_127_and_the_mutex_is_free()
    {
        Create("mutex", "x");
        Assert.Contains("\"no-such-command\" cannot be started", Fail(127, "lock", "x", "--", "no-such-command"), StringComparison.Ordinal);
        Assert.True(Json("info", "x", "--json").GetProperty("state").GetProperty("isSignaled").GetBoolean());
    }

    [Fact]
    public void Without_a_command_it_is_a_usage_error() => Fail(2, "lock", "x");

    [Fact]
    public void Only_a_mutex_can_be_locked()
    {
        Create("event", "x");
        Fail(1, "lock", "x", "--", "true");
    }
}

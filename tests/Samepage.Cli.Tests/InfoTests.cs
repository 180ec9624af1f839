namespace Samepage.Cli.Tests;

public sealed class InfoTests : CliTest
{
    [Fact]
    public void Everything_about_a_section()
    {
        Running holder = Create("section", "zzj", "--size", "1M", "--reserve", "--commit", "4K");
        string[] lines = Succeed("info", "zzj").Lines;
        Assert.Contains("name:        zzj", lines);
        Assert.Contains("kind:        section", lines);
        Assert.Contains("size:        1,048,576 bytes", lines);
        Assert.Contains("committed:   4,096 bytes", lines);
        Assert.Contains(lines, l => l.StartsWith($"held by:     {holder.Id} ", StringComparison.Ordinal));
        Assert.Equal(4096, Json("info", "zzj", "--json").GetProperty("committedSize").GetInt64());
    }

    [Fact]
    public void The_owner_of_a_mutex_is_told()
    {
        Running owner = Start("lock", "printer", "--", "cat");
        owner.Input.Write("go\n"u8);
        owner.Input.Flush();
        owner.After("go");
        Assert.Contains($"state:       owned by {owner.Id}", Succeed("info", "printer").Text, StringComparison.Ordinal);
        Assert.Equal(owner.Id, Json("info", "printer", "--json").GetProperty("state").GetProperty("ownerProcessId").GetInt32());
        owner.Input.Close();
        Assert.Equal(0, owner.End().Code);
    }

    [Fact]
    public void Those_who_wait_are_counted_and_told()
    {
        Create("event", "ready", "--manual");
        Assert.Contains("waiters:     none", Succeed("info", "ready").Lines);
        Running first = Start("wait", "ready");
        Running second = Start("wait", "ready");
        Until("ready", info => info.GetProperty("state").GetProperty("waiterCount").GetInt32() == 2);
        Assert.Equal("not set, manual, 2 waiting", Succeed("ls").Lines[1].Split('\t')[4]);
        Assert.Contains("state:       not set, manual, 2 waiting", Succeed("info", "ready").Lines);
        Assert.SkipUnless(MayLookIntoOthers(), "This system lets no process look into another one of the same user.");
        string[] lines = Succeed("info", "ready").Lines;
        Assert.Contains(lines, l => l.StartsWith($"waiters:     {first.Id} ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith($"waiters:     {second.Id} ", StringComparison.Ordinal));
        int[] told = [.. Json("info", "ready", "--json").GetProperty("state").GetProperty("waiters").EnumerateArray().Select(w => w.GetProperty("processId").GetInt32())];
        Assert.Equal(new[] { first.Id, second.Id }.Order(), told.Order());
        Succeed("set", "ready");
        Assert.Equal((0, 0), (first.End().Code, second.End().Code));
    }

    [Theory]
    [InlineData("zzk")]
    [InlineData("ZZJ")]
    [InlineData(@"Global\zzj")]
    public void A_wrong_name_is_answered_with_the_likely_one(string wrong)
    {
        Create("section", "zzj", "--size", "1");
        Assert.Contains("Did you mean \"zzj\" (section)?", Fail(1, "info", wrong), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_like_no_other_is_only_refused()
    {
        Create("section", "zzj", "--size", "1");
        string error = Fail(1, "info", "telescope");
        Assert.Contains("no object named \"telescope\" is alive", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Did you mean", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_cannot_be_is_a_usage_error() => Assert.Contains("backslash", Fail(2, "info", @"a\b"), StringComparison.Ordinal);

    // Yama (Documentation/admin-guide/LSM/Yama.rst) may want a process to look into its descendants only.
    private static bool MayLookIntoOthers()
    {
        const string Yama = "/proc/sys/kernel/yama/ptrace_scope";
        return !File.Exists(Yama) || File.ReadAllText(Yama).TrimEnd() == "0";
    }
}

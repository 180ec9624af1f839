using System.Text.Json;

namespace Samepage.Cli.Tests;

/// <summary>top with real objects, in a pipe and at a terminal.</summary>
public sealed class TopTests : CliTest
{
    [Fact]
    public void One_table_tells_what_goes_on()
    {
        Create("topic", "log", "--capacity", "64K", "--full", "drop-oldest");
        Running publisher = Start("pub", "log", "0123456789", "--count", "1000000000");
        Until("log", info => info.GetProperty("channel").GetProperty("writers").GetArrayLength() == 1);
        string[][] rows = Table("top", "--once", "--every", "200ms");
        Assert.Equal(["NAME", "KIND", "HOLDERS", "MSG/S", "BYTES/S", "LAG", "WAITERS", "BLOCKED"], rows[0]);
        Assert.Equal(["log", "topic", "2"], rows[1][..3]);
        Assert.True(Number(rows[1][3]) > 0, rows[1][3]);
        Assert.True(Number(rows[1][4]) > Number(rows[1][3]), rows[1][4]);
        publisher.Interrupt();
        rows = Table("top", "--once", "--every", "100ms");
        Assert.Equal(["log", "topic", "1", "0", "0", "-", "0", "-"], rows[1]);
    }

    [Fact]
    public void Who_blocks_whom_is_seen()
    {
        Running owner = Start("lock", "printer", "--", "cat");
        int looks = 0;
        while (Run("info", "printer").Code != 0)
            Assert.True(++looks < 100, "It never owns it.");
        Running waiter = Start("wait", "printer");
        Until("printer", info => info.GetProperty("state").GetProperty("waiterCount").GetInt32() == 1);
        JsonElement row = Json("top", "printer", "--once", "--json", "--every", "100ms")[0];
        Assert.Equal(("printer", "mutex", 1), (row.GetProperty("name").GetString(), row.GetProperty("kind").GetString(), row.GetProperty("waiters").GetInt32()));
        Assert.Matches($"^{owner.Id} .*blocks ({waiter.Id} .*|1)$", row.GetProperty("blocked").GetString());
        owner.Input.Close();
        Assert.Equal(0, owner.End().Code);
        Assert.Equal(0, waiter.End().Code);
    }

    [Fact]
    public void Tables_follow_each_other_sorted_and_filtered()
    {
        Create("mutex", "alpha");
        Create("event", "beta");
        Create("event", "gamma");
        string[] tables = Succeed("top", "event", "--sort", "name", "--reverse", "--count", "2", "--every", "100ms").Text.Split("\n\n");
        Assert.Equal(2, tables.Length);
        Assert.All(tables, table => Assert.Equal(["NAME", "gamma", "beta"], table.TrimEnd().Split('\n').Select(l => l.Split('\t')[0])));
        Running endless = Start("top", "--every", "100ms", "--json").After("]\n[");
        Assert.Equal(130, endless.Interrupt().Code);
        Assert.Contains("\"size\" is nothing to sort by. Choose from name, kind,", Fail(2, "top", "--sort", "size"), StringComparison.Ordinal);
        Fail(2, "top", "--once", "--count", "2");
    }

    [Fact]
    public void At_a_terminal_it_is_live_and_obeys_keys()
    {
        Create("mutex", "alpha");
        Running gamma = Create("event", "gamma");
        Running top = Shell("script -qec 'stty rows 12 cols 90; $samepage top --every 200ms' /dev/null").After("\e[?1049h").After("samepage top  2 objects").After("gamma");
        Create("event", "beta");
        top.After("samepage top  3 objects");
        gamma.Interrupt();
        Press("/be\r");
        top.After("samepage top  1 of 2 objects  like \"be\"");
        Press("\r");
        top.After("kind:        event").After("held by:");
        Press("\e[B");
        Press("x?");
        top.After("the other way round");
        Press("xsq");
        Outcome end = top.End();
        Assert.Equal(0, end.Code);
        Assert.Contains("KIND↑", end.Text, StringComparison.Ordinal);
        Assert.EndsWith("\e[?25h\e[?1049l", end.Text.TrimEnd(), StringComparison.Ordinal);

        void Press(string keys)
        {
            top.Input.Write(System.Text.Encoding.UTF8.GetBytes(keys));
            top.Input.Flush();
        }
    }

    [Fact]
    public void At_a_terminal_one_table_is_printed_as_it_is_read()
    {
        Create("mutex", "alpha");
        // The runtime itself tells the terminal that it takes keys.
        string table = Shell("script -qec 'stty rows 12 cols 90; $samepage top --once --every 100ms' /dev/null").End().Text;
        Assert.Contains("NAME↑ ", table, StringComparison.Ordinal);
        Assert.Contains("\nalpha    mutex             1        -         -         -        0", table, StringComparison.Ordinal);
    }

    private string[][] Table(params string[] arguments) => [.. Succeed(arguments).Lines.Select(l => l.Split('\t'))];

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

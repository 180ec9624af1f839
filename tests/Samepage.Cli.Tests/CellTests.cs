using System.Text.Json;

namespace Samepage.Cli.Tests;

/// <summary>cell get, set, watch; cells and maps of cells in info and ls.</summary>
public sealed class CellTests : CliTest
{
    [Fact]
    public void A_value_is_there_as_long_as_whoever_made_the_cell_holds_it()
    {
        Running maker = Start("cell", "set", "temperature", "21.5").After("held until Ctrl+C");
        Assert.Equal("21.5\n", Succeed("cell", "get", "temperature").Text);
        Assert.Equal("wrote 2 bytes to cell \"temperature\"\n", Succeed("cell", "set", "temperature", "22").Text);
        Assert.Equal("22", Succeed("cell", "get", "temperature", "--raw").Text);
        Assert.Contains("value 2, 2 bytes\n00000000  32 32", Succeed("cell", "get", "temperature", "--hex").Text, StringComparison.Ordinal);
        JsonElement json = Json("cell", "get", "temperature", "--json");
        Assert.Equal((2, 2, "22", false), (json.GetProperty("number").GetInt32(), json.GetProperty("length").GetInt32(), json.GetProperty("text").GetString(), json.TryGetProperty("kind", out _)));
        Assert.Equal(130, maker.Interrupt().Code);
        Assert.Contains("no cell named \"temperature\" is alive", Fail(1, "cell", "get", "temperature"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_may_come_from_input_and_is_what_came()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        Running maker = Start("cell", "set", "picture", "--capacity", "1M", "--for", "1h");
        maker.Input.Write(bytes);
        maker.Input.Close();
        maker.After("created cell \"picture\" (100,000 bytes, 1,048,576 bytes at most), held for 3600 s");
        Assert.Equal(bytes, Succeed("cell", "get", "picture", "--raw").Bytes);
        Assert.Equal(0, RunOn("short"u8, "cell", "set", "picture", "-").Code);
        Assert.Equal("short", Succeed("cell", "get", "picture", "--raw").Text);
        Assert.Equal(1, RunOn(new byte[2 << 20], "cell", "set", "picture").Code);
        Assert.Equal("short", Succeed("cell", "get", "picture", "--raw").Text);
    }

    [Fact]
    public void Each_new_value_is_printed_as_it_comes()
    {
        Start("cell", "set", "state", "one").After("held");
        Running watch = Start("cell", "watch", "state", "--count", "3").After("one\n");
        Succeed("cell", "set", "state", "two");
        watch.After("two\n");
        Succeed("cell", "set", "state", "three");
        Outcome end = watch.End();
        Assert.Equal((0, "one\ntwo\nthree\n"), (end.Code, end.Text));
        Assert.Equal((3, "three\n"), (Run("cell", "watch", "state", "--count", "2", "--timeout", "50ms") is var late ? late.Code : -1, late.Text));
        Assert.Equal((0, "three\n"), (Run("cell", "watch", "state", "--timeout", "0") is var all ? all.Code : -1, all.Text));
        Assert.Equal(130, Start("cell", "watch", "state").After("three\n").Interrupt().Code);
    }

    [Fact]
    public void A_map_has_a_value_for_each_key()
    {
        Running maker = Start("cell", "set", "settings", "--key", "colour", "blue").After("created key \"colour\" of cell map \"settings\" (4 bytes, 192 bytes at most)");
        Succeed("cell", "set", "settings", "--key", "size", "12");
        Assert.Equal("blue\n", Succeed("cell", "get", "settings", "--key", "colour").Text);
        Assert.Equal("12\n", Succeed("cell", "watch", "settings", "-k", "size", "--count", "1").Text);
        Assert.Contains("is a map of cells: say which value by --key", Fail(2, "cell", "get", "settings"), StringComparison.Ordinal);
        Assert.Contains("there is no key \"weight\" of cell map \"settings\"", Fail(1, "cell", "get", "settings", "--key", "weight"), StringComparison.Ordinal);

        Fail(1, "cell", "set", "settings", "--key", "long", new string('x', 193));
        JsonElement channel = Json("info", "settings", "--json").GetProperty("channel");
        Assert.Equal(["colour", "size"], channel.GetProperty("values").EnumerateArray().Select(v => v.GetProperty("key").GetString()));
        string[] lines = Succeed("info", "settings").Lines;
        Assert.Contains("room:        1,023 keys, with values of 192 bytes at most", lines);
        Assert.Contains(lines, l => l.StartsWith($"key:         \"colour\"  4 bytes, change 1 by {maker.Id}", StringComparison.Ordinal));
        Assert.Equal("2 keys", Succeed("ls", "--kind", "cell-map").Lines[1].Split('\t')[4]);
    }

    [Fact]
    public void What_is_known_of_a_value_and_who_waits_is_told()
    {
        Running maker = Start("cell", "set", "state", "first").After("held");
        Running watch = Start("cell", "watch", "state").After("first\n");
        Until("state", info => info.GetProperty("channel").GetProperty("readers").EnumerateArray().Any(r => r.GetProperty("isWaiting").GetBoolean()));
        JsonElement value = Json("info", "state", "--json").GetProperty("channel").GetProperty("values")[0];
        Assert.Equal((5, 1, maker.Id), (value.GetProperty("length").GetInt32(), value.GetProperty("changeNumber").GetInt32(), value.GetProperty("lastWriter").GetInt32()));
        Assert.Equal($"5 bytes, change 1 by {maker.Id}, 1 waiting", Succeed("ls").Lines[1].Split('\t')[4]);
        string[] lines = Succeed("info", "state").Lines;
        Assert.Contains("room:        65,472 bytes at most", lines);
        Assert.Contains(lines, l => l.StartsWith($"value:       5 bytes, change 1 by {maker.Id}", StringComparison.Ordinal));
        Assert.Contains("waiting:     1", lines);
        watch.Interrupt();
        Assert.Equal($"5 bytes, change 1 by {maker.Id}", Succeed("ls").Lines[1].Split('\t')[4]);
        Assert.Contains("\"samepage cell get\" prints its value", Fail(1, "peek", "state"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_may_be_made_before_it_has_a_value()
    {
        Create("cell", "state", "--capacity", "100").After("created cell \"state\" (values of 100 bytes at most)");
        Assert.Contains("cell \"state\" was never written", Fail(1, "cell", "get", "state"), StringComparison.Ordinal);
        Assert.Equal("never written", Succeed("ls").Lines[1].Split('\t')[4]);
        Running watch = Start("cell", "watch", "state", "--count", "1");
        Until("state", info => info.GetProperty("channel").GetProperty("readers").EnumerateArray().Any(r => r.GetProperty("isWaiting").GetBoolean()));
        Succeed("cell", "set", "state", "on");
        Assert.Equal("on\n", watch.End().Text);
        Fail(1, "cell", "set", "state", new string('x', 101));
        Create("cell-map", "settings", "--keys", "1").After("(1 keys, with values of 192 bytes at most)");
        Succeed("cell", "set", "settings", "--key", "colour", "blue");
        Assert.Contains("1 keys already", Fail(1, "cell", "set", "settings", "--key", "size", "12"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_cell_or_has_no_value_is_refused()
    {
        Create("section", "zzj", "--size", "4K");
        Assert.Contains("zzj", Fail(1, "cell", "get", "zzj"), StringComparison.Ordinal);
        Assert.Contains("zzj", Fail(1, "cell", "set", "zzj", "x"), StringComparison.Ordinal);
        Fail(1, "cell", "watch", "absent");
        Fail(2, "cell", "get", "zzj", "--hex", "--raw");
        Assert.Contains("there is no verb \"gett\" of cell. Did you mean get?", Fail(2, "cell", "gett", "x"), StringComparison.Ordinal);
        Fail(2, "cell", "set", "new", "", "--capacity", "0");
    }
}

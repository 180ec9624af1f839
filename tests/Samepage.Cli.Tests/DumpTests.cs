using System.Text;
using System.Text.Json;

namespace Samepage.Cli.Tests;

public sealed class DumpTests : CliTest
{
    [Fact]
    public void Shows_hex_and_text_and_folds_what_repeats()
    {
        Create("section", "zzj", "--size", "100");
        RunOn("Hello, page"u8, "write", "zzj", "--offset", "4");
        Assert.Equal(
            """
            00000000  00 00 00 00 48 65 6c 6c  6f 2c 20 70 61 67 65 00  |....Hello, page.|
            00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
            *
            00000060  00 00 00 00                                       |....|
            00000064

            """, Succeed("dump", "zzj").Text);
    }

    [Fact]
    public void Shows_a_range()
    {
        Create("section", "zzj", "--size", "2M");
        RunOn("page"u8, "write", "zzj", "--offset", "1M");
        Assert.Equal(
            """
            00100001  61 67 65                                          |age|
            00100004

            """, Succeed("dump", "zzj", "--offset", "0x100001", "--length", "3").Text);
        Assert.Contains("do not lie within", Fail(2, "dump", "zzj", "--offset", "2M", "--length", "1"), StringComparison.Ordinal);
        Assert.Contains("does not lie within", Fail(2, "dump", "zzj", "--offset", "3M"), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_committed_memory_is_shown()
    {
        Create("section", "some", "--size", "1M", "--reserve", "--commit", "4K");
        Create("section", "none", "--size", "1M", "--reserve");
        Assert.EndsWith("00001000\n", Succeed("dump", "some").Text, StringComparison.Ordinal);
        Fail(1, "dump", "some", "--length", "8K");
        Assert.Empty(Succeed("dump", "none").Text);
        Assert.Empty(Succeed("read", "none").Bytes);
    }

    [Fact]
    public void Json_carries_the_bytes()
    {
        byte[] bytes = RandomBytes(200_000);
        Create("section", "zzj", "--size", "200000");
        RunOn(bytes, "write", "zzj");
        JsonElement dump = Json("dump", "zzj", "--json", "--offset", "1");
        Assert.Equal("zzj", dump.GetProperty("name").GetString());
        Assert.Equal(1, dump.GetProperty("offset").GetInt64());
        Assert.Equal(199_999, dump.GetProperty("length").GetInt64());
        Assert.Equal(bytes[1..], dump.GetProperty("base64").GetBytesFromBase64());
    }

    [Fact]
    public void Following_in_a_pipe_prints_the_lines_that_change()
    {
        Create("section", "zzj", "--size", "48");
        Running dump = Start("dump", "zzj", "--follow", "--interval", "20ms").After("00000020");
        RunOn("now"u8, "write", "zzj", "--offset", "20");
        dump.After("|....now.........|\n");
        Outcome end = dump.Interrupt();
        Assert.Equal(130, end.Code);
        Assert.Equal(["00000000", "00000010", "00000020", "00000010"], end.Lines.Select(l => l[..8]));
        Assert.Empty(end.Error);
    }

    [Fact]
    public void Following_as_json_prints_a_value_a_line()
    {
        Create("section", "zzj", "--size", "48");
        Running dump = Start("dump", "zzj", "-f", "--json", "--interval", "20ms").After("\n");
        RunOn("now"u8, "write", "zzj", "--offset", "20");
        dump.After("\"offset\":16");
        JsonElement[] changes = [.. dump.Interrupt().Lines.Select(l => JsonSerializer.Deserialize<JsonElement>(l))];
        Assert.Equal(new byte[48], changes[0].GetProperty("base64").GetBytesFromBase64());
        Assert.Equal("now", Encoding.ASCII.GetString(changes[1].GetProperty("base64").GetBytesFromBase64(), 4, 3));
    }

    [Fact]
    public void Only_sections_have_bytes()
    {
        Create("mutex", "lock");
        Assert.Contains("name of a mutex", Fail(1, "dump", "lock"), StringComparison.Ordinal);
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}

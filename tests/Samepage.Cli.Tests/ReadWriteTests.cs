namespace Samepage.Cli.Tests;

public sealed class ReadWriteTests : CliTest
{
    [Fact]
    public void A_whole_file_becomes_a_section_and_comes_out_identical()
    {
        byte[] bytes = new byte[20_000_001];
        new Random(2).NextBytes(bytes);
        string path = Path.Combine(Root, "photo.bmp");
        string copy = Path.Combine(Root, "copy.bmp");
        File.WriteAllBytes(path, bytes);

        Running writer = Start("write", "picture", "--file", path).After("created section \"picture\" (20,000,001 bytes)").After("held until Ctrl+C");
        Assert.Equal(bytes, Succeed("read", "picture").Bytes);
        Succeed("read", "picture", "--file", copy);
        Assert.Equal(bytes, File.ReadAllBytes(copy));
        Assert.Equal(bytes[10_000_000..10_000_010], Succeed("read", "picture", "--offset", "10000000", "--length", "10").Bytes);
        Assert.Equal(130, writer.Interrupt().Code);
        Fail(1, "info", "picture");
    }

    [Fact]
    public void Input_goes_to_an_offset_and_nowhere_else()
    {
        Create("section", "zzj", "--size", "8");
        Outcome written = RunOn([1, 0, 255], "write", "zzj", "--offset", "2");
        Assert.Equal("wrote 3 bytes to \"zzj\" at offset 2\n", written.Text);
        Assert.Equal([0, 0, 1, 0, 255, 0, 0, 0], Succeed("read", "zzj").Bytes);
    }

    [Fact]
    public void A_file_goes_into_a_section_that_exists()
    {
        File.WriteAllBytes(Path.Combine(Root, "patch"), [5, 6]);
        Create("section", "zzj", "--size", "4");
        Succeed("write", "zzj", "--file", "patch", "--offset", "2");
        Assert.Equal([0, 0, 5, 6], Succeed("read", "zzj").Bytes);
    }

    [Fact]
    public void What_does_not_fit_is_refused_before_anything_is_written_where_its_length_is_known()
    {
        File.WriteAllBytes(Path.Combine(Root, "large"), new byte[] { 1, 2, 3, 4, 5 });
        Create("section", "zzj", "--size", "4");
        Assert.Contains("Nothing was written", Fail(2, "write", "zzj", "--file", "large"), StringComparison.Ordinal);
        Assert.Equal(new byte[4], Succeed("read", "zzj").Bytes);

        Outcome piped = RunOn([1, 2, 3, 4, 5], "write", "zzj");
        Assert.Equal(1, piped.Code);
        Assert.Contains("does not fit", piped.Error, StringComparison.Ordinal);
        Assert.Equal(0, RunOn([1, 2, 3, 4], "write", "zzj").Code);
    }

    [Fact]
    public void Reserved_memory_is_committed_as_it_is_written()
    {
        Create("section", "log", "--size", "16M", "--reserve");
        byte[] bytes = new byte[3_000_000];
        bytes[^1] = 7;
        Assert.Equal(0, RunOn(bytes, "write", "log").Code);
        Assert.InRange(Json("info", "log", "--json").GetProperty("committedSize").GetInt64(), 3_000_000, 5_000_000);
        Assert.Equal([7], Succeed("read", "log", "--offset", "2999999", "--length", "1").Bytes);
    }

    [Fact]
    public void A_pipe_makes_no_section()
    {
        Outcome outcome = RunOn([1], "write", "zzj");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("no section named \"zzj\"", outcome.Error, StringComparison.Ordinal);
        Fail(1, "read", "zzj");
    }

    [Fact]
    public void An_empty_or_absent_file_is_refused()
    {
        File.WriteAllBytes(Path.Combine(Root, "empty"), []);
        Fail(1, "write", "zzj", "--file", "empty");
        Assert.Contains("absent", Fail(1, "write", "zzj", "--file", "absent"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_for_input_can_be_interrupted()
    {
        Create("section", "zzj", "--size", "4");
        Running writer = Start("write", "zzj");
        writer.Input.Write([1]);
        writer.Input.Flush();
        while (Succeed("read", "zzj").Bytes[0] == 0)
        {
            // Until it has come through: then the writer waits for more.
        }
        Assert.Equal(130, writer.Interrupt().Code);
    }

    [Fact]
    public void A_reader_that_goes_away_ends_it_quietly()
    {
        Create("section", "zzj", "--size", "8M");
        Outcome outcome = Shell("{ $samepage read zzj; echo code $? >&2; } | head -c 1").End();
        Assert.Equal("code 141\n", outcome.Error);
    }

    [Fact]
    public void Several_go_into_one_file_after_each_other()
    {
        Create("section", "zzj", "--size", "4");
        RunOn([1, 2, 3, 4], "write", "zzj");
        Assert.Equal(0, Shell("{ $samepage read zzj --length 2; $samepage read zzj --offset 2; } > both").End().Code);
        Assert.Equal([1, 2, 3, 4], File.ReadAllBytes(Path.Combine(Root, "both")));
    }

    [Fact]
    public void A_terminal_is_not_given_what_it_would_obey()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1), which makes a terminal, is not installed.");
        Create("section", "zzj", "--size", "64");
        RunOn("\u001b[2J"u8, "write", "zzj");
        string refused = Shell("script -qec \"$samepage read zzj\" /dev/null").End().Text;
        Assert.Contains("not text", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", refused, StringComparison.Ordinal);
    }
}

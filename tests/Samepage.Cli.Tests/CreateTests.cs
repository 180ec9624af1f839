namespace Samepage.Cli.Tests;

public sealed class CreateTests : CliTest
{
    [Theory]
    [InlineData("created section \"x\" (4,096 bytes), held until Ctrl+C", "section", "x", "--size", "0x1000")]
    [InlineData("created mutex \"x\", held until Ctrl+C", "mutex", "x")]
    [InlineData("created event \"x\" (auto, not set), held until Ctrl+C", "event", "x")]
    [InlineData("created semaphore \"x\" (1 of 3), held until Ctrl+C", "semaphore", "x", "--initial", "1", "--max", "3")]
    public void Lives_until_interrupted(string announced, params string[] arguments)
    {
        Running made = Start(["create", .. arguments]).After(announced);
        Succeed("info", "x");
        Outcome end = made.Interrupt();
        Assert.Equal(130, end.Code);
        Assert.Empty(end.Error);
        Fail(1, "info", "x");
        Assert.Equal("no orphans\n", Succeed("clean", "--dry-run").Text);
    }

    [Fact]
    public void A_request_to_terminate_ends_it_as_cleanly()
    {
        Running made = Create("mutex", "x");
        made.Signal(15);
        Assert.Equal(143, made.End().Code);
        Assert.Equal("no orphans\n", Succeed("clean", "--dry-run").Text);
    }

    [Fact]
    public void Lives_until_the_end_of_input()
    {
        Running made = Start("create", "mutex", "x", "--until-eof").After("held until end of input");
        Succeed("info", "x");
        made.Input.Close();
        Assert.Equal(0, made.End().Code);
        Fail(1, "info", "x");
    }

    [Fact]
    public void Lives_for_a_time() => Assert.Contains("held for 0.05 s", Succeed("create", "mutex", "x", "--for", "50ms").Text, StringComparison.Ordinal);

    [Fact]
    public void A_name_in_use_is_refused()
    {
        Create("mutex", "x");
        Assert.Contains("exists already", Fail(1, "create", "section", "x", "--size", "1"), StringComparison.Ordinal);
        Assert.Equal("mutex", Json("info", "x", "--json").GetProperty("kind").GetString());
    }

    [Fact]
    public void A_section_over_a_file_is_the_file()
    {
        string path = Path.Combine(Root, "data.bin");
        File.WriteAllBytes(path, [1, 2, 3]);
        Running made = Create("section", "x", "--from-file", path);
        Assert.Equal(path, Json("info", "x", "--json").GetProperty("backingFile").GetString());
        Assert.Equal(0, RunOn([9], "write", "x", "--offset", "1").Code);
        made.Interrupt();
        Assert.Equal([1, 9, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_read_only_section_takes_no_bytes()
    {
        Create("section", "x", "--size", "8", "--read-only");
        Assert.Equal(1, RunOn([1], "write", "x").Code);
        Assert.Equal(new byte[8], Succeed("read", "x").Bytes);
    }

    [Fact]
    public void Access_for_everyone_needs_a_global_name()
    {
        Fail(2, "create", "section", "x", "--size", "1", "--access", "everyone");
        Create("section", @"Global\x", "--size", "1", "--access", "everyone-read");
    }

    [Theory]
    [InlineData("section", "x")]
    [InlineData("section", "x", "--size", "12Q")]
    [InlineData("section", "x", "--size", "-1")]
    [InlineData("section", "x", "--size", "9999999999T")]
    [InlineData("section", "x", "--size", "1", "--commit", "1")]
    [InlineData("semaphore", "x", "--initial", "2", "--max", "1")]
    [InlineData("semaphore", "x", "--max", "0")]
    [InlineData("mutex", "x", "--for", "soon")]
    [InlineData("mutex", "x", "--access", "group-read")]
    [InlineData("pipe", "x")]
    public void Bad_options_are_usage_errors(params string[] arguments) => Fail(2, ["create", .. arguments]);

    [Fact]
    public void A_size_of_nothing_is_refused() => Assert.Contains("0 bytes", Fail(1, "create", "section", "x", "--size", "0"), StringComparison.Ordinal);
}

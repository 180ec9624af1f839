namespace Samepage.Cli.Tests;

public sealed class UsageTests : CliTest
{
    [Theory]
    [InlineData("ls")]
    [InlineData("info")]
    [InlineData("dump")]
    [InlineData("watch")]
    [InlineData("top")]
    [InlineData("create", "section")]
    [InlineData("create", "mutex")]
    [InlineData("create", "event")]
    [InlineData("create", "semaphore")]
    [InlineData("create", "topic")]
    [InlineData("pub")]
    [InlineData("sub")]
    [InlineData("peek")]
    [InlineData("create", "queue")]
    [InlineData("create", "cell")]
    [InlineData("create", "cell-map")]
    [InlineData("create", "service")]
    [InlineData("send")]
    [InlineData("receive")]
    [InlineData("cat")]
    [InlineData("cell", "get")]
    [InlineData("cell", "set")]
    [InlineData("cell", "watch")]
    [InlineData("call")]
    [InlineData("serve")]
    [InlineData("hold")]
    [InlineData("read")]
    [InlineData("write")]
    [InlineData("lock")]
    [InlineData("wait")]
    [InlineData("set")]
    [InlineData("reset")]
    [InlineData("release")]
    [InlineData("clean")]
    [InlineData("doctor")]
    [InlineData("bench")]
    public void Every_verb_has_help_with_an_example(params string[] verb)
    {
        string help = Succeed([.. verb, "--help"]).Text;
        Assert.Contains("Examples:\n  ", help, StringComparison.Ordinal);
        Assert.Contains($"samepage {string.Join(' ', verb)}", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_of_the_tool_lists_verbs_and_exit_codes()
    {
        string help = Succeed("--help").Text;
        Assert.Contains("Exit codes:", help, StringComparison.Ordinal);
        Assert.All(["0", "1", "2", "3", "127", "130"], code => Assert.Contains($"\n  {code,-5} ", help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("there is no verb \"lss\". Did you mean ls?", "lss")]
    [InlineData("there is no verb \"sectoin\" of create. Did you mean section?", "create", "sectoin", "x")]
    [InlineData("Required argument 'NAME' missing", "dump")]
    [InlineData("is no number of bytes", "dump", "x", "--offset", "4Q")]
    [InlineData("\"many\" is no count. Write a number from 1 to 2147483647", "release", "slots", "many")]
    [InlineData("\"-1\" is no count. Write a number from 0 to", "create", "semaphore", "slots", "--initial", "-1")]
    [InlineData("\"x\" is no count", "watch", "ready", "--count", "x")]
    [InlineData("Unrecognized command or argument '--frobnicate'", "ls", "--frobnicate")]
    public void A_mistake_is_explained(string expected, params string[] arguments)
    {
        string error = Fail(2, arguments);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("Try: samepage ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_may_look_like_anything()
    {
        Create("mutex", "@name");
        Succeed("info", "@name");
        Create("mutex", "--", "--odd");
        Succeed("info", "--", "--odd");
        Create("mutex", "名前 🔒");
        Assert.Equal("名前 🔒", Json("info", "名前 🔒", "--json").GetProperty("name").GetString());
    }

    [Fact]
    public void Output_that_cannot_be_written_is_a_failure()
    {
        Outcome outcome = Shell("$samepage ls > /dev/full").End();
        Assert.Equal(1, outcome.Code);
        Assert.StartsWith("samepage: ", outcome.Error, StringComparison.Ordinal);
    }
}

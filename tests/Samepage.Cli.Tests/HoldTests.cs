namespace Samepage.Cli.Tests;

public sealed class HoldTests : CliTest
{
    [Theory]
    [InlineData("section", "--size", "64")]
    [InlineData("mutex")]
    [InlineData("event")]
    [InlineData("semaphore")]
    public void Keeps_an_object_alive_when_its_maker_ends(string kind, params string[] options)
    {
        Running maker = Create([kind, "x", .. options]);
        Running holder = Start("hold", "x").After($"holding {kind} \"x\", until Ctrl+C");
        maker.Interrupt();
        Assert.Equal(holder.Id, Assert.Single(Json("info", "x", "--json").GetProperty("holders").EnumerateArray()).GetProperty("processId").GetInt32());
        Assert.Equal(130, holder.Interrupt().Code);
        Fail(1, "info", "x");
    }

    [Fact]
    public void Nothing_to_hold_is_a_failure() => Fail(1, "hold", "x");
}

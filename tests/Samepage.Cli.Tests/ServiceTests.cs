using System.Text;
using System.Text.Json;
using Samepage.Cli.Commands;

namespace Samepage.Cli.Tests;

/// <summary>call, serve; services in info and ls.</summary>
public sealed class ServiceTests : CliTest
{
    [Fact]
    public void A_command_answers_each_request()
    {
        Running server = Serve("upper", "tr", "a-z", "A-Z");
        Assert.Equal("LOUD", Succeed("call", "upper", "loud").Text);
        Assert.Equal("FROM\0INPUT\n", Encoding.UTF8.GetString(RunOn("from\0input\n"u8, "call", "upper").Bytes));
        Assert.Equal("PARTS", Succeed("call", "upper", "parts", "--stream").Text);
        Assert.Equal("", Succeed("call", "upper", "").Text);
        Assert.Equal(130, server.Interrupt().Code);
        Assert.Contains("no service named \"upper\" is alive", Fail(1, "call", "upper", "x"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_waits_for_somebody_who_serves()
    {
        Create("service", "late", "--max-request", "8M").After("(requests of 8 MiB and answers of 64 KiB at most)");
        Running call = Start("call", "late", "x");
        Until("late", info => Waiting(info) == 1);
        Serve("late", "cat");
        Assert.Equal("x", call.End().Text);
    }

    [Fact]
    public void It_ends_when_so_many_were_answered()
    {
        Running server = Serve("once", ["--count", "2", "--parallel", "1"], "cat");
        Assert.Equal("one", Succeed("call", "once", "one").Text);
        Assert.Equal("two", Succeed("call", "once", "two").Text);
        Assert.Equal(0, server.End().Code);
    }

    [Fact]
    public void A_command_that_fails_fails_the_call_and_says_why()
    {
        Running server = Serve("bad", "sh", "-c", "echo part; echo 'no such  thing' >&2; exit 7");
        Assert.Equal("samepage: the server could not answer: exit code 7: no such thing\n", Run("call", "bad", "x").Error);
        Outcome streamed = Run("call", "bad", "x", "--stream");
        Assert.Equal((1, "part\n"), (streamed.Code, streamed.Text));
        Outcome ended = server.Interrupt();
        Assert.Equal("samepage: a request failed: exit code 7: no such thing\n", ended.Error.Split('\n')[0] + "\n");
        Serve("absent", "/no/such/program");
        Assert.Contains("\"/no/such/program\" cannot be started", Fail(1, "call", "absent", "x"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_answer_comes_in_parts_or_not_at_all()
    {
        Serve("long", ["--max-answer", "1000"], "sh", "-c", "head -c 300000 /dev/zero");
        Assert.Contains("has to be asked for in parts", Fail(1, "call", "long", ""), StringComparison.Ordinal);
        Assert.Equal(new byte[300_000], Succeed("call", "long", "", "--stream").Bytes);
        Assert.Contains("does not fit: there is room for 65,536 bytes at most", Fail(1, "call", "long", new string('x', 70_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_come_as_the_command_prints_them()
    {
        string go = Path.Combine(Root, "go");
        Serve("slow", "sh", "-c", $"mkfifo {go}; echo first; cat {go}");
        Running call = Start("call", "slow", "", "--stream").After("first\n");
        File.WriteAllText(go, "second\n");
        Assert.Equal((0, "first\nsecond\n"), (call.End() is var end ? end.Code : -1, end.Text));
    }

    [Theory]
    [InlineData("--timeout", "300ms", 3)]
    [InlineData("--stream", null, 130)]
    public void Whoever_gives_up_kills_the_command(string option, string? value, int code)
    {
        string started = Path.Combine(Root, "started");
        Running server = Serve("slow", "sh", "-c", $"mkfifo {started}.pipe; echo $$ > {started}; mv {started} {started}.now; cat {started}.pipe");
        Running call = Start(["call", "slow", "", option, .. value is null ? (string[])[] : [value]]);
        if (code == 130)
        {
            Until("slow", info => Serving(info) == 1);
            call.Signal(2);
        }
        Assert.Equal(code, call.End().Code);
        // It reads a pipe that nobody writes: only by being killed it ends, and then its call is through.
        Until("slow", info => Serving(info) == 0);
        Assert.Equal(130, server.Interrupt().Code);
    }

    [Fact]
    public void Whoever_reads_no_further_ends_the_command()
    {
        Serve("endless", "yes");
        Assert.Equal("y\ny\n", Shell("$samepage call endless '' --stream | head -n 2").End().Text);
        Until("endless", info => Serving(info) == 0);
    }

    [Fact]
    public void Several_are_served_at_one_time_and_the_calls_are_seen()
    {
        string[] go = [.. Enumerable.Range(0, 3).Select(i => Path.Combine(Root, $"go{i}"))];
        Assert.Equal(0, Shell($"mkfifo {string.Join(' ', go)}").End().Code);
        Running server = Serve("slow", ["--parallel", "2"], "sh", "-c", "cat \"$(cat)\"");
        Running[] calls = [.. go.Select(path => Start("call", "slow", path))];
        Until("slow", info => Serving(info) == 2 && Waiting(info) == 1);
        Assert.Equal("1 server, 3 clients, 1 call waiting, 2 being served", Succeed("ls").Lines[1].Split('\t')[4]);
        string[] lines = Succeed("info", "slow").Lines;
        Assert.Contains("requests:    bytes", lines);
        Assert.Contains(lines, l => l.StartsWith($"server:      {server.Id} ", StringComparison.Ordinal) && l.EndsWith("  serving 2 calls", StringComparison.Ordinal));
        Assert.Equal(3, lines.Count(l => l.StartsWith("client:      ", StringComparison.Ordinal)));
        // Each is written when its command has opened it, the third one's when another has ended.
        Task[] writes = [.. go.Select(path => Task.Run(() => File.WriteAllText(path, path), TestContext.Current.CancellationToken))];
        Assert.All(calls.Zip(go), pair => Assert.Equal(pair.Second, pair.First.End().Text));
        Assert.All(writes, write => Assert.True(write.IsCompletedSuccessfully || write.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void A_server_that_ends_leaves_its_calls_to_the_next()
    {
        Running first = Serve("slow", ["--parallel", "2"], "sh", "-c", $"mkfifo {Path.Combine(Root, "never")}; cat {Path.Combine(Root, "never")}");
        Running retried = Start("call", "slow", "x", "--retry"), failed = Start("call", "slow", "x");
        Until("slow", info => Serving(info) == 2);
        Serve("slow", "cat");
        first.Signal(15);
        Assert.Equal(143, first.End().Code);
        Assert.Equal("x", retried.End().Text);
        Assert.Contains("stopped serving", failed.End().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_what_a_command_complains_about_the_end_is_told()
    {
        Assert.Equal("exit code 3", ServedCommand.Failure(3, " \n"));
        Assert.Equal("exit code 3: one two", ServedCommand.Failure(3, "one\n  two\n"));
        string failure = ServedCommand.Failure(3, new string('ü', 500) + " the end");
        Assert.StartsWith("exit code 3: …ü", failure, StringComparison.Ordinal);
        Assert.EndsWith("ü the end", failure, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(failure), 189, 192);
    }

    private Running Serve(string name, params string[] command) => Serve(name, [], command);

    private Running Serve(string name, string[] options, params string[] command) => Start(["serve", name, .. options, "--", .. command]).After("until Ctrl+C");

    private static int Serving(JsonElement info) => info.GetProperty("channel").GetProperty("readers").EnumerateArray().Sum(r => r.GetProperty("serving").GetInt32());

    private static int Waiting(JsonElement info) => info.GetProperty("channel").GetProperty("writers").EnumerateArray().Sum(r => r.GetProperty("waiting").GetInt32());
}

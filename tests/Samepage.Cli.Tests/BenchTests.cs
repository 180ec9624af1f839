using System.Diagnostics;
using System.Text.Json;

namespace Samepage.Cli.Tests;

/// <summary>bench with its two processes: that it measures, and how it ends. No test says how long anything takes.</summary>
public sealed class BenchTests : CliTest
{
    private const int Killed = 128 + 9;

    [Theory]
    [InlineData("topic")]
    [InlineData("queue", "--size", "9")]
    [InlineData("pipe", "--size", "1M")]
    [InlineData("service", "--size", "8", "--spin")]
    [InlineData("service", "--size", "1M")]
    public void Messages_go_there_and_back(string channel, params string[] options)
    {
        Outcome outcome = StartWith(new Dictionary<string, string> { ["TMPDIR"] = Root }, ["bench", channel, "--seconds", "0.1", "--json", .. options]).End();
        Assert.True(outcome.Code == 0, outcome.Error);
        JsonElement report = JsonSerializer.Deserialize<JsonElement>(outcome.Bytes);
        Assert.Equal(options.Contains("--spin") ? "busySpin" : "spinThenBlock", report.GetProperty("strategy").GetString());
        Assert.Empty(report.GetProperty("leftOut").EnumerateArray());
        JsonElement[] routes = [.. report.GetProperty("routes").EnumerateArray()];
        Assert.Equal([$"Samepage {channel}", "anonymous pipe", "Unix socket"], routes.Select(r => r.GetProperty("name").GetString()));
        Assert.Equal(1, routes[0].GetProperty("ratio").GetDouble());
        Assert.All(routes, r =>
        {
            Assert.True(r.GetProperty("messagesPerSecond").GetDouble() > 0);
            Assert.True(r.GetProperty("p50").GetInt64() <= r.GetProperty("longest").GetInt64());
            Assert.Equal(r.GetProperty("roundTrips").GetInt64(), r.GetProperty("buckets").EnumerateArray().Sum(b => b.GetProperty("count").GetInt64()));
        });
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root, "samepage-bench-*"));
        Assert.Empty(Json("ls", "--json").EnumerateArray());
    }

    [Fact]
    public void People_get_a_line_for_each_and_a_picture()
    {
        string[] lines = Succeed("bench", "--seconds", "0.1").Lines;
        Assert.Equal("Round trips of 64 bytes, 0.1 s in all; Samepage spins briefly, then sleeps", lines[0]);
        Assert.Matches("^[0-9]+ processors?[;,] .*\\.NET ", lines[1]);
        Assert.Matches("^ +MSG/S +P50 +P99 +P99.9 +LONGEST +RATIO$", lines[2]);
        Assert.Matches("^Samepage topic .* 1$", lines[3]);
        Assert.Contains(lines, l => l.Contains("#####", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"cell\" is no channel in which a message goes there and back. Choose from topic, queue, pipe, service.", "cell")]
    [InlineData("\"1\" is no channel", "1")]
    [InlineData("\"7\" is no size of these messages. Write a number of bytes from 8 to 1M.", "--size", "7")]
    [InlineData("\"2M\" is no size", "--size", "2M")]
    [InlineData("\"0\" is no time to measure. Write a number of seconds from 0.1 to 3600.", "--seconds", "0")]
    [InlineData("\"-1\" is no time", "--seconds", "-1")]
    public void A_mistake_is_explained(string expected, params string[] arguments)
    {
        string error = Fail(2, ["bench", .. arguments]);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("Try: samepage bench --help", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_told_of_the_verb_of_the_other_side() => Assert.DoesNotContain("bench-answer", Succeed("--help").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("topic", 2)]
    [InlineData("service", 1)]
    public void The_death_of_the_other_side_is_a_failure(string channel, int objects)
    {
        Running bench = Start("bench", channel, "--seconds", "3600");
        using Process other = OtherSideOf(bench, objects);
        other.Kill();
        Outcome outcome = bench.End();
        Assert.Equal(1, outcome.Code);
        Assert.Equal($"samepage: the other side, process {other.Id}, ended with exit code {Killed} before all was measured.\n", outcome.Error);
        Assert.Empty(Json("ls", "--json").EnumerateArray());
    }

    [Fact]
    public void An_interrupt_ends_both_sides()
    {
        Running bench = Start("bench", "--seconds", "3600");
        using Process other = OtherSideOf(bench, objects: 2);
        Outcome outcome = bench.Interrupt();
        Assert.Equal((130, ""), (outcome.Code, outcome.Error));
        Assert.True(other.HasExited);
        Assert.Empty(Json("ls", "--json").EnumerateArray());
    }

    [Fact]
    public void The_other_side_leaves_in_good_order_when_the_tool_is_killed()
    {
        Running bench = Start("bench", "--seconds", "3600", "--spin");
        using Process other = OtherSideOf(bench, objects: 2);
        bench.Signal(9);
        bench.End();
        Assert.True(other.WaitForExit(TimeSpan.FromSeconds(30)));
        // The tethers of processes are left to the kernel, whoever ends and however: they are nobody's objects.
        Assert.DoesNotContain(Json("clean", "--json").EnumerateArray(), o => !o.GetProperty("name").GetString()!.StartsWith(".tether-", StringComparison.Ordinal));
        Assert.Empty(Json("ls", "--json").EnumerateArray());
    }

    /// <summary>
    /// Looks until another process holds all objects that a channel there and back is made of: what is not made or held yet would be the tool's alone.
    /// Each look is a process: it takes its time by itself.
    /// </summary>
    private Process OtherSideOf(Running bench, int objects)
    {
        for (int looks = 0; looks < 100; looks++)
        {
            int[][] others =
            [
                .. Json("ls", "--json").EnumerateArray().Select(o => o.GetProperty("holders").EnumerateArray()
                    .Select(h => h.GetProperty("processId").GetInt32()).Where(id => id != bench.Id).ToArray()),
            ];
            if (others.Length == objects && others.All(ids => ids.Length > 0))
                return Process.GetProcessById(others[0][0]);
        }
        throw new InvalidOperationException($"No other side has come. {bench.Error}");
    }
}

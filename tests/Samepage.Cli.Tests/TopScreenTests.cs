using System.Text.RegularExpressions;
using Samepage.Cli.Top;
using static Samepage.Cli.Tests.TopModelTests;

namespace Samepage.Cli.Tests;

/// <summary>What top draws, on a terminal that only records it.</summary>
public sealed partial class TopScreenTests
{
    [Fact]
    public void The_table_fills_the_screen_and_marks_what_is_chosen_and_what_sorts()
    {
        var state = new TopState { Sort = TopSort.Lag };
        state.See(Look(1, Object("log", messages: 0, bytes: 0)));
        state.See(Look(2,
            Object("log", messages: 12_345, bytes: 1 << 20) with { Holders = 3, Lag = 17, Waiters = 1 },
            Object("日本語", SharedObjectKind.Pipe) with { Lag = 2_048 },
            Object("printer", SharedObjectKind.Mutex) with { Holders = 2, Waiters = 1, Blocked = "812 spooler blocks 815 worker" }));
        Assert.Equal(
        [
            "samepage top  3 objects",
            "NAME     KIND        HOLDERS    MSG/S   BYTES/S      LAG↓  WAITERS BLOCKED",
            "日本語   pipe              -        -         -     2 KiB        -",
            "log      topic             3   12,345     1 MiB        17        1",
            "printer  mutex             2        -         -         -        1 812 spooler blocks 815 work…",
            "",
            "q quit  s sort  r reverse  / filter  p pause  Enter details  ? help",
        ], Drawn(state, 95, 7));
        string raw = TopScreen.Draw(state, [], 95, 7);
        Assert.StartsWith("\e[H\e[1msamepage top", raw, StringComparison.Ordinal);
        Assert.Contains("\e[7m日本語 ", raw, StringComparison.Ordinal);
        Assert.EndsWith("\e[J", raw, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_wider_than_the_terminal_however_narrow()
    {
        var state = new TopState();
        state.See(Look(1, Object(new string('長', 100)) with { Blocked = new string('x', 300) }, Object("a\u001b[2Jb")));
        foreach (int width in new[] { 20, 60, 80, 100, 200 })
        {
            string[] lines = Drawn(state, width, 10);
            Assert.Equal(10, lines.Length);
            Assert.All(lines, line => Assert.InRange(new Spectre.Console.Rendering.Segment(line).CellCount(), 0, width));
        }
        Assert.Contains(Drawn(state, 100, 10), line => line.StartsWith(@"a\u001b[2Jb", StringComparison.Ordinal));
    }

    [Fact]
    public void A_filter_a_pause_the_details_and_the_help_are_seen()
    {
        var state = new TopState();
        state.See(Look(1, Object("a"), Object("b")));
        Type(state, "p/b");
        string[] typing = Drawn(state, 80, 6);
        Assert.Equal(("samepage top  1 of 2 objects  like \"b\"  paused", "/b_"), (typing[0], typing[^1]));
        Press(state, ConsoleKey.Enter, ConsoleKey.Enter);
        string[] details = Drawn(state, 80, 6, ("name", "b"), ("kind", "topic"));
        Assert.Equal(["b", "", "name:        b", "kind:        topic", "", "any other key leads back; arrows, PgUp and PgDn scroll"], details);
        Press(state, ConsoleKey.Escape);
        Type(state, "?");
        Assert.Equal("q            quit", Drawn(state, 80, 6)[2]);
    }

    [Fact]
    public void Only_as_many_rows_as_fit_are_drawn()
    {
        var state = new TopState();
        state.See(Look(1, [.. Enumerable.Range(0, 50).Select(i => Object($"{i:00}"))]));
        Press(state, ConsoleKey.End);
        Assert.Equal(["47", "48", "49"], Drawn(state, 80, 6)[2..5].Select(l => l[..2]));
    }

    /// <summary>The lines as they stand on the screen, without what only colours them.</summary>
    private static string[] Drawn(TopState state, int width, int height, params (string, string)[] details)
    {
        string screen = Sequence().Replace(TopScreen.Draw(state, details, width, height), "");
        return [.. screen.Split("\r\n").Select(l => l.TrimEnd())];
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Sequence();
}

using Samepage.Channels;

namespace Samepage.Processes;

/// <summary>Cells whose writers and readers are killed and stopped.</summary>
public sealed class CellTests
{
    [Theory]
    [InlineData("CellSlotBegun", 1_000)]
    [InlineData("CellSlotFilled", 1_000)]
    [InlineData("CellPublished", 9_000)]
    public void A_writer_that_is_stopped_half_way_holds_no_reader_up(string point, int length)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tests stop a process by a signal, which Windows does not have.");
#if !DEBUG
        Assert.Skip("Crash points are compiled into debug builds only.");
#endif
        string name = $"stopped-writer-{point}";
        using Cell cell = CellScenarios.Create(name);
        cell.Write(CellScenarios.Value(1_000));
        using Peer writer = CellScenarios.Opened(name);
        writer.Do($"stop-at {point}");
        writer.Begin($"cell-write {name} 9000 1");
        writer.AssertStopped();
        for (int i = 0; i < 1_000; i++)
            CellScenarios.AssertHas(cell, length);
        writer.Continue();
        Assert.Equal("", writer.Answer());
        CellScenarios.AssertHas(cell, 9_000);
    }

    [Theory]
    [InlineData("CellPinAsked")]
    [InlineData("CellPinTaken")]
    public void A_reader_that_is_stopped_half_way_holds_no_writer_up_and_reads_a_whole_value(string point)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tests stop a process by a signal, which Windows does not have.");
#if !DEBUG
        Assert.Skip("Crash points are compiled into debug builds only.");
#endif
        string name = $"stopped-reader-{point}";
        using Cell cell = CellScenarios.Create(name);
        cell.Write(CellScenarios.Value(1_000));
        using Peer reader = CellScenarios.Opened(name);
        reader.Do($"stop-at {point}");
        reader.Begin($"cell-read-pinned {name}");
        reader.AssertStopped();
        for (int i = 0; i < 1_000; i++)
            cell.Write(CellScenarios.Value(i));
        reader.Continue();
        // It kept the one that was the latest when the first of these came.
        Assert.Equal("1000", reader.Answer());
    }

    [Fact]
    public void Who_waits_is_woken_by_another_process()
    {
        const string Name = "waiting-cell";
        using Cell cell = CellScenarios.Create(Name);
        using Peer peer = CellScenarios.Opened(Name);
        for (int i = 0; i < 10; i++)
        {
            peer.Begin($"cell-wait {Name} {i}");
            if (!OperatingSystem.IsWindows() && i % 2 == 0)
                peer.AssertAsleep();
            cell.Write(CellScenarios.Value(i));
            Assert.Equal("True", peer.Answer());
            Assert.Equal($"{i}", peer.Do($"cell-read {Name}"));
        }
    }

    [Fact]
    public async Task What_a_dead_owner_promised_is_gone_and_who_waits_for_it_is_told()
    {
        const string Name = "promising-clipboard";
        using Clipboard clipboard = Clipboard.CreateOrOpen(Name);
        using var peer = new Peer();
        peer.Do($"clipboard-promise {Name}");
        Assert.Equal(["image", "text"], clipboard.Formats.Order(StringComparer.Ordinal));
        ValueTask<byte[]?> waits = clipboard.GetAsync("image", TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.False(waits.IsCompleted);
        peer.Kill();
        Assert.Null(await waits);
        Assert.Equal(["text"], clipboard.Formats);
        Assert.Equal("x"u8.ToArray(), clipboard.Get("text", TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_atoms_and_promises_of_a_dead_process_are_gone_before_its_end_is_told()
    {
        using AtomTable table = AtomTable.CreateOrOpen("untold-atoms");
        using Clipboard clipboard = Clipboard.CreateOrOpen("untold-clipboard");
        using var peer = new Peer();
        peer.Do($"atom-add untold-atoms mine");
        peer.Do($"clipboard-promise untold-clipboard");
        Assert.True(table.TryFind("mine", out _));
        Assert.Equal(["image", "text"], clipboard.Formats.Order());
        using var untold = new UntoldDeaths();
        peer.Kill();
        Assert.False(table.TryFind("mine", out _));
        Assert.Equal(["text"], clipboard.Formats);
    }

    [Fact]
    public void The_atoms_of_a_dead_process_are_gone_unless_somebody_else_has_them()
    {
        const string Name = "atoms";
        using AtomTable table = AtomTable.CreateOrOpen(Name);
        using Peer one = new(), two = new();
        string mine = one.Do($"atom-add {Name} mine");
        string ours = two.Do($"atom-add {Name} ours");
        Assert.Equal(ours, $"{table.Add("OURS")}");
        Assert.True(table.TryFind("mine", out ushort atom));
        Assert.Equal(mine, $"{atom}");
        one.Kill();
        two.Kill();
        Assert.False(table.TryFind("mine", out _));
        Assert.True(table.TryFind("ours", out atom));
        Assert.Equal(atom - 1, table.Add("next"));
        Assert.True(table.Delete(atom));
        Assert.False(table.TryFind("ours", out _));
    }

    /// <summary>Writers and readers at full speed, killed at whatever instruction they have reached: no survivor sees half a value, or an older one after a later.</summary>
    [Fact]
    public void Survivors_see_whole_values_in_order()
    {
        const string Name = "torture-cell";
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using Cell cell = Cell.Create(Name, new CellOptions { Capacity = 10_000, MaxReaders = 6, MaxWriters = 3 });
        Peer Begin(bool writes)
        {
            var peer = new Peer();
            peer.Begin(writes ? $"cell-write-forever {Name}" : $"cell-read-forever {Name}");
            return peer;
        }
        // The first of each is never killed.
        List<Peer> writers = [Begin(true), Begin(true)], readers = [Begin(false), Begin(false)];
        try
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            for (int kills = 0; clock.Elapsed < TimeSpan.FromSeconds(6); kills++)
            {
                bool writes = random.Next(2) == 0;
                List<Peer> those = writes ? writers : readers;
                Assert.All(writers.Concat(readers), p => Assert.False(p.HasExited, "a peer ended by itself"));
                those[1].Kill();
                those[1].Dispose();
                those[1] = Begin(writes);
            }
            foreach (Peer peer in writers.Concat(readers))
                peer.Begin("stop");
            foreach (Peer peer in writers.Concat(readers))
            {
                string answer = peer.Answer();
                TestContext.Current.TestOutputHelper?.WriteLine(answer);
                Assert.DoesNotContain("FAULT", answer, StringComparison.Ordinal);
            }
        }
        finally
        {
            writers.Concat(readers).ToList().ForEach(p => p.Dispose());
        }
        CellScenarios.AssertUsable(cell);
    }
}

using System.Runtime.CompilerServices;
using Samepage.Bench.Harness;
using Samepage.Channels;

namespace Samepage.Bench.Cases;

/// <summary>Reading the latest value of 64 bytes, while nobody writes and while another process does nothing else.</summary>
internal sealed class CellRead : Suite
{
    public const string Role = "cell-read-";

    private const string Still = "still", Written = "written", Locked = "locked";
    private const double NanosecondsStill = 15;

    /// <summary>Values between two looks of the writer at whether the reader is through.</summary>
    private const int Batch = 64;

    public CellRead()
    {
        string name = UniqueName("cell");
        CountedContender Pair(string how) => CountedContender.InPair($"cell, 64 B, {how}", Own(
            PeerPair.Start((core, side) => PeerProcess.Own(core, processorCount: 2, $"{Role}{how}", $"{name}-{how}", side))));

        Contender Sequence(string how)
        {
            string title = $"sequence lock, {how} (C)";
            return Reference(title, Unit.Nanoseconds, "latest", path => CountedContender.InPair(title, Own(
                PeerPair.Start((core, side) => PeerProcess.Reference(path, core, $"/{name}-{how}", side, how)))));
        }

        CountedContender still = Pair(Still), written = Pair(Written);
        Comparisons =
        [
            new("cell, 64 B: a read, unchanging", still, still, null) { MostOfSubject = NanosecondsStill },
            new("cell, 64 B: a read, unchanging, against the limit", still, Sequence(Still), null),
            new("cell, 64 B: a read, under a writer at full speed", written, still, Target.AtMost(3)),
            new("cell, 64 B: a read, under a writer, against the limit", written, Sequence(Written), null),
            new("cell, 64 B: a read, under a writer, against a named Mutex over a mapped file", written, Pair(Locked), null),
        ];
    }

    public override IReadOnlyList<Comparison> Comparisons { get; }

    /// <summary>One of the two sides: the first reads, the second writes.</summary>
    public static void Serve(string how, string name, bool first)
    {
        if (how == Locked)
        {
            LockedValue.Serve(name, first);
            return;
        }
        using Cell<Line> cell = Cell<Line>.CreateOrOpen(name);
        using Cell<long> finished = Cell<long>.CreateOrOpen($"{name}-finished");
        if (first)
            cell.Write(Line.Of(0));
        long round = 0;
        ulong number = 0;
        PeerLoop.ServeRoundTrips(first
            ? count =>
            {
                Read(cell, count);
                finished.Write(++round);
            }
        : _ =>
        {
            for (round++; finished.Value < round;)
            {
                for (int i = 0; how == Written && i < Batch; i++)
                    cell.Write(Line.Of(++number));
            }
        });
    }

    private static void Read(Cell<Line> cell, long count)
    {
        for (long i = 0; i < count; i++)
        {
            if (!cell.TryRead(out Line value) || !value.IsWhole)
                throw new InvalidOperationException("Half of one value and half of another were read.");
        }
    }

    /// <summary>Eight words that are one number.</summary>
    [InlineArray(8)]
    private struct Line
    {
        private ulong _word;

        public readonly bool IsWhole => this[0] == this[7] && this[3] == this[4];

        public static Line Of(ulong number)
        {
            Line line = default;
            for (int i = 0; i < 8; i++)
                line[i] = number;
            return line;
        }
    }
}

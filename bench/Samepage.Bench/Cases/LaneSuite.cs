using System.Numerics;
using Samepage.Bench.Harness;

namespace Samepage.Bench.Cases;

/// <summary>A case of a channel: what the same messages cost in C, in a lane that does no more than it must.</summary>
/// <remarks>
/// Each call makes a contender of its own: rows that share a reference keep it in a local. The C programs write and read 8 bytes at a time;
/// a subject that fills or sums with vectors compares these loops, not the channels.
/// </remarks>
internal abstract class LaneSuite : Suite
{
    private const string Lane = "lane (C)";

    /// <summary>So many messages the ring should hold: with fewer the two sides wait for each other.</summary>
    private const uint RecordsOfRing = 4;

    /// <summary>Up to here the ring that the program makes is long enough.</summary>
    private const int LargestOfRing = 1 << 20;

    /// <summary>Records of 64 bytes there and back, written and read in full; one way is half of it.</summary>
    protected Contender LaneRoundTrip(bool sleeps) => sleeps
        ? Pair("lane, sleeping at once (C)", "lane_ping_pong", "futex")
        : Pair("lane, spinning only (C)", "lane_ping_pong", "spin");

    /// <summary>The same, and how its times are distributed.</summary>
    protected Contender LaneTimes(bool sleeps)
    {
        string title = sleeps ? "lane, sleeping at once (C)" : "lane, spinning only (C)";
        return Reference(title, Unit.Nanoseconds, "lane_ping_pong", path => new TimedContender(title, Start(path, sleeps ? "futex" : "spin")));
    }

    /// <summary>Records of so many bytes in one direction, written and read in full, until the reader has said that it read all.</summary>
    protected Contender LaneStream(int size) => size <= LargestOfRing
        ? Pair(Lane, "lane_stream", $"{size}")
        : Pair(Lane, "lane_stream", $"{size}", $"{BitOperations.RoundUpToPowerOf2((uint)size) * RecordsOfRing}");

    /// <summary>As many bytes copied once, by one process: what moving them costs, without telling anybody.</summary>
    protected Contender OneCopy(int size)
    {
        const string Title = "memcpy, one process (C)";
        return Reference(Title, Unit.Nanoseconds, "one_memcpy", path =>
            CountedContender.InPeer(Title, Own(PeerProcess.Reference(path, Processors.First, $"{size}")), "run"));
    }

    /// <summary>A word set on each side in turn, and nothing sent: two flights of a cache line, or two wake-ups.</summary>
    protected Contender Signals(bool sleeps) => sleeps
        ? Pair("bare futex (C)", "ping_pong", "futex")
        : Pair("one cache line (C)", "ping_pong", "spin");

    /// <summary>Records of 1 MiB of which every word is written and read in place.</summary>
    protected Contender LaneTouched() => Pair("lane, 1 MiB written and read in place (C)", "lane_large", "touch");

    /// <summary>Records of 1 MiB that one side copies in and the other out.</summary>
    protected Contender LaneCopied() => Pair("lane, 1 MiB copied in and out (C)", "lane_large", "copy");

    /// <summary>Records of 1 MiB of which the first and the last 64 bytes are touched.</summary>
    protected Contender LaneLent() => Pair("lane, 1 MiB lent, its ends touched (C)", "lane_large", "header");

    /// <summary>1 MiB copied into shared memory and out of it by one process.</summary>
    protected Contender TwoCopies()
    {
        const string Title = "two copies of 1 MiB, one process (C)";
        return Reference(Title, Unit.Nanoseconds, "two_memcpy", path =>
            CountedContender.InPeer(Title, Own(PeerProcess.Reference(path, Processors.First)), "run"));
    }

    /// <summary>The wake of a process that has slept for the length of a sample.</summary>
    protected Contender ColdWake()
    {
        const string Title = "bare futex, after a sleep (C)";
        return Reference(Title, Unit.Nanoseconds, "cold_wake", path => new ColdContender(Title, Start(path)));
    }

    private Contender Pair(string title, string program, params string[] arguments) =>
        Reference(title, Unit.Nanoseconds, program, path => CountedContender.InPair(title, Start(path, arguments)));

    private PeerPair Start(string path, params string[] arguments)
    {
        string name = UniqueName(string.Join('-', [Path.GetFileName(path), .. arguments]));
        return Own(PeerPair.Start((core, side) => PeerProcess.Reference(path, core, [$"/{name}", side, .. arguments])));
    }
}

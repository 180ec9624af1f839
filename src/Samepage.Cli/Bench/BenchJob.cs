using Samepage.Channels;

namespace Samepage.Cli.Bench;

/// <summary>What both sides do.</summary>
/// <param name="Size">Bytes of a message; its number is in the first eight.</param>
/// <param name="Strategy">How Samepage waits. The system's pipes and sockets have one way only.</param>
internal sealed record BenchJob(int Size, WaitStrategy Strategy)
{
    public const int Smallest = sizeof(ulong);
    public const int Largest = 1 << 20;

    /// <summary>Room in a channel: what it has by default, or for a few of these messages.</summary>
    public long Capacity(long usual) => Math.Max(usual, 4L * Size);
}

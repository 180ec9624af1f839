using System.Runtime.CompilerServices;

namespace Samepage.Bench.Rivals.Fans;

/// <summary>How many messages of each member of a fan were sent, or received: none may be lost, doubled, or overtaken by another of its sender.</summary>
internal sealed class SenderCounts(int many)
{
    // A message's number: the sender in the 16 upper bits, and below how many it has sent, this one included.
    private const int CountBits = 48;
    private const ulong CountMask = (1UL << CountBits) - 1;

    private readonly ulong[] _counts = new ulong[many + 1];

    /// <summary>The number of that sender's next message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next(int sender) => (ulong)sender << CountBits | ++_counts[sender];

    /// <summary>A message with that number has come.</summary>
    /// <exception cref="InvalidOperationException">It is not the next of its sender.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(ulong number)
    {
        ulong sender = number >> CountBits;
        if (sender >= (ulong)_counts.Length || (number & CountMask) != ++_counts[sender])
            throw new InvalidOperationException($"Message {number & CountMask} of sender {sender} is not the one that comes next.");
    }
}

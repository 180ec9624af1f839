using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samepage.Bench.Cases;

/// <summary>What is in the messages of a benchmark: one number in every word, as in those of the C programs.</summary>
internal static class Words
{
    /// <summary>Writes all of it, 8 bytes at a time: vectors would be compared with the C programs' loops.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill(Span<byte> message, ulong number)
    {
        foreach (ref ulong word in MemoryMarshal.Cast<byte, ulong>(message))
            word = number;
    }

    /// <summary>Reads all of it: the number that is in every word.</summary>
    /// <exception cref="InvalidOperationException">Its words differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(message);
        ulong all = 0;
        foreach (ulong word in words)
            all += word;
        ulong number = words[0];
        if (all != number * (ulong)words.Length)
            throw new InvalidOperationException($"A message that begins with {number} did not arrive as it was sent.");
        return number;
    }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="InvalidOperationException">It is not what was written.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(ReadOnlySpan<byte> message, ulong number)
    {
        ulong all = 0;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(message))
            all += word;
        if (all != number * (ulong)(message.Length / sizeof(ulong)))
            throw new InvalidOperationException($"Message {number} did not arrive as it was sent.");
    }
}

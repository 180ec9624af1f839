using System.Runtime.InteropServices;

namespace Frames;

/// <summary>A frame: 8 MiB that tell their number in every word, so that a torn one would show.</summary>
internal static class Frame
{
    public const int Bytes = 8 << 20;

    /// <summary>What a message is, so that a subscriber knows it before it looks into it.</summary>
    public const uint Picture = 0;

    /// <summary>The publisher's last message: its frames' number.</summary>
    public const uint Last = 1;

    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    public static void Paint(Span<byte> frame, long number)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(frame);
        words[0] = (ulong)number;
        for (int i = 1; i < words.Length; i++)
            words[i] = (ulong)(number + i) * Step;
    }

    /// <summary>Null: it is none, or torn.</summary>
    public static long? NumberOf(ReadOnlySpan<byte> frame)
    {
        if (frame.Length != Bytes)
            return null;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(frame);
        long number = (long)words[0];
        for (int i = 1; i < words.Length; i++)
        {
            if (words[i] != (ulong)(number + i) * Step)
                return null;
        }
        return number;
    }
}

namespace Samepage.Layout;

/// <summary>Which ends of a channel sleep, or are about to: what those look at who have news for them.</summary>
/// <remarks>
/// <code>
///   0            8·words        128            128 + 8·words    256
///   +------------+--------------+--------------+----------------+
///   | careful    | zero         | asleep       | zero           |
///   +------------+--------------+--------------+----------------+
/// </code>
/// Bit e + 1 of either, counted over its words, is end e's. Careful: this end may sleep, so a fence stands between news and the look at the other bits. Bit 0 of
/// careful: somebody cannot be reached by a barrier, and this never changes again. Asleep: to be woken.
/// </remarks>
internal static class SleeperBlock
{
    public const int CarefulOffset = 0;
    public const int AsleepOffset = 128;
    public const int Length = 256;

    /// <summary>As many as the bits of one half, without bit 0.</summary>
    public const int MostEnds = AsleepOffset * 8 - 1;

    public const ulong Unreachable = 1;

    public static int WordsFor(int ends) => (ends + 64) / 64;

    public static int WordOf(int end) => (end + 1) / 64;

    public static ulong BitOf(int end) => 1ul << (end + 1) % 64;

    public static int EndOf(int word, int bit) => word * 64 + bit - 1;

    /// <summary>The bits of a word that are an end's.</summary>
    public static ulong EndsIn(int word, int ends)
    {
        int bits = Math.Min(64, ends + 1 - word * 64);
        ulong all = bits == 64 ? ulong.MaxValue : (1ul << bits) - 1;
        return word == 0 ? all & ~Unreachable : all;
    }
}

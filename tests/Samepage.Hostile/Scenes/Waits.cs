namespace Samepage.Hostile.Scenes;

/// <summary>What the scenes wait: nothing, or a moment.</summary>
internal static class Waits
{
    [ThreadStatic]
    private static int _sum;

    public static TimeSpan Short(Random random) => TimeSpan.FromTicks(random.Next(3) switch
    {
        0 => 0,
        1 => random.Next(2_000),
        _ => random.Next(20_000),
    });

    /// <summary>Bytes of any length up to the greatest, often a short one.</summary>
    public static byte[] Message(Random random, int longest) =>
        new byte[random.Next(4) == 0 ? random.Next(Math.Min(longest, 20_000) + 1) : random.Next(Math.Min(longest, 200) + 1)];

    /// <summary>Reads every byte, so that what lies outside the memory is met.</summary>
    public static void Touch(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte b in bytes)
            sum += b;
        _sum = sum;
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace SharedText;

/// <summary>Writers at full speed, and a reader that would notice a torn text.</summary>
internal static class Load
{
    private const int ChecksumLength = SHA256.HashSizeInBytes;

    public static int Hammer(TimeSpan length)
    {
        using var text = new LiveText();
        // Made beforehand, so that the time goes into writing.
        byte[][] texts = [.. Enumerable.Range(0, 200).Select(_ => Checked())];
        var clock = Stopwatch.StartNew();
        long written = 0;
        for (; clock.Elapsed < length; written++)
            text.Replace(texts[written % texts.Length]);
        Console.Out.WriteLine($"wrote {written} texts, {written / clock.Elapsed.TotalSeconds:F0} a second");
        return 0;
    }

    public static int Verify(TimeSpan length)
    {
        using var text = new LiveText();
        // What is there already need not come from a hammer.
        _ = text.Read(out ulong first);
        (ulong seen, long versions, long torn) = (first, 0, 0);
        var clock = Stopwatch.StartNew();
        while (text.WaitForChange(seen, TimeSpan.FromTicks(Math.Max(0, (length - clock.Elapsed).Ticks))) && clock.Elapsed < length)
        {
            string content = text.Read(out ulong version);
            // Versions only rise: one that fell is as wrong as a text that does not match its checksum.
            if (version < seen || !IsWhole(content))
                torn++;
            versions++;
            seen = version;
        }
        Console.Out.WriteLine($"saw {versions} of {seen - first} versions, {torn} torn");
        return torn == 0 ? 0 : 1;
    }

    /// <summary>A text of any length, in hexadecimal digits, behind its checksum.</summary>
    private static byte[] Checked()
    {
        // Short ones are as likely as long ones: 1 to 2, 2 to 4, ..., 64 Ki to 128 Ki characters.
        string content = RandomNumberGenerator.GetHexString(Random.Shared.Next(1, 1 << Random.Shared.Next(1, 18)), lowercase: true);
        byte[] text = new byte[2 * ChecksumLength + content.Length];
        _ = Encoding.ASCII.GetBytes(content, text.AsSpan(2 * ChecksumLength));
        _ = Convert.TryToHexString(SHA256.HashData(text.AsSpan(2 * ChecksumLength)), text.AsSpan(), out _);
        return text;
    }

    private static bool IsWhole(string text) =>
        text.Length > 2 * ChecksumLength
        && text.StartsWith(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text[(2 * ChecksumLength)..]))), StringComparison.Ordinal);
}

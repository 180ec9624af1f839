using System.CommandLine.Parsing;
using System.Globalization;

namespace Samepage.Cli.Parsing;

/// <summary>Numbers of bytes as people write them: 4096, 4K, 1M, 2GiB, 0x1000, 1_000.</summary>
internal static class ByteCount
{
    public static long Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[^1].Value;
        if (TryParse(text, out long bytes))
            return bytes;
        argument.AddError($"\"{text}\" is no number of bytes. Write 4096, 4K, 1M, 2G or 0x1000.");
        return 0;
    }

    public static bool TryParse(string text, out long bytes)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes) && bytes >= 0;

        int end = digits.Length;
        while (end > 0 && char.IsAsciiLetter(digits[end - 1]))
            end--;
        int shift = digits[end..].ToUpperInvariant() switch
        {
            "" or "B" => 0,
            "K" or "KB" or "KIB" => 10,
            "M" or "MB" or "MIB" => 20,
            "G" or "GB" or "GIB" => 30,
            "T" or "TB" or "TIB" => 40,
            _ => -1,
        };
        bytes = 0;
        if (shift < 0 || !long.TryParse(digits.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ||
            number > long.MaxValue >> shift)
        {
            return false;
        }
        bytes = number << shift;
        return true;
    }
}

using System.CommandLine.Parsing;
using System.Globalization;

namespace Samepage.Cli.Parsing;

/// <summary>Times as people write them: 200ms, 5s, 2m, 1h, 1.5 (seconds).</summary>
internal static class Duration
{
    /// <summary>What a wait of the system takes in milliseconds: about 24 days.</summary>
    private const double Longest = int.MaxValue;

    public static TimeSpan Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[^1].Value;
        if (TryParse(text, out TimeSpan time))
            return time;
        argument.AddError($"\"{text}\" is no time. Write 200ms, 5s, 2m or 1h (24 days at most); a bare number is seconds.");
        return TimeSpan.Zero;
    }

    private static bool TryParse(string text, out TimeSpan time)
    {
        int end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1]))
            end--;
        double unit = text[end..] switch
        {
            "ms" => 1,
            "" or "s" => 1000,
            "m" or "min" => 60_000,
            "h" => 3_600_000,
            _ => double.NaN,
        };
        bool understood = double.TryParse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) &&
            number * unit is >= 0 and <= Longest;
        time = understood ? TimeSpan.FromMilliseconds(number * unit) : TimeSpan.Zero;
        return understood;
    }
}

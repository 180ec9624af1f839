using System.CommandLine.Parsing;
using System.Globalization;

namespace Samepage.Cli.Parsing;

/// <summary>How many of something.</summary>
internal static class Count
{
    /// <summary>A parser of numbers from this one up.</summary>
    public static Func<ArgumentResult, int?> AtLeast(int least) => argument =>
    {
        string text = argument.Tokens[^1].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= least)
            return count;
        argument.AddError(FormattableString.Invariant($"\"{text}\" is no count. Write a number from {least} to {int.MaxValue}."));
        return null;
    };
}

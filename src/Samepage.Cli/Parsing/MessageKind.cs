using System.CommandLine.Parsing;
using System.Globalization;

namespace Samepage.Cli.Parsing;

/// <summary>The numbers by which subscribers choose.</summary>
internal static class MessageKind
{
    public static uint Parse(ArgumentResult argument) => Parse(argument, argument.Tokens[^1].Value);

    public static uint[] ParseAll(ArgumentResult argument) => [.. argument.Tokens.Select(token => Parse(argument, token.Value))];

    private static uint Parse(ArgumentResult argument, string text)
    {
        bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (uint.TryParse(hex ? text.AsSpan(2) : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out uint kind))
            return kind;
        argument.AddError(FormattableString.Invariant($"\"{text}\" is no kind of message. Write a number from 0 to {uint.MaxValue}, or 0x…"));
        return 0;
    }
}

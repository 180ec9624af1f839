using Spectre.Console;

namespace Samepage.Cli.Output;

/// <summary>The same lines at a terminal, where colours tell zeros from data and what has just changed from what stands.</summary>
internal static class HexParagraph
{
    private static readonly Style _offset = new(Color.Grey);
    private static readonly Style _zero = new(Color.Grey);
    private static readonly Style _changed = new(Color.Black, Color.Yellow);

    /// <param name="text">What is appended to.</param>
    /// <param name="offset">Of the row within the section.</param>
    /// <param name="row">Sixteen bytes, or fewer at the end.</param>
    /// <param name="heat">More than 0 for each byte that changed a short while ago; empty when nobody watches.</param>
    public static void Append(Paragraph text, long offset, ReadOnlySpan<byte> row, ReadOnlySpan<byte> heat)
    {
        text.Append(HexLine.Offset(offset) + "  ", _offset);
        for (int i = 0; i < HexLine.Bytes; i++)
        {
            if (i < row.Length)
            {
                text.Append(HexLine.Gap(i), Style.Plain);
                text.Append(row[i].ToString("x2", null), StyleOf(row[i], heat, i));
                text.Append(" ", Style.Plain);
            }
            else
            {
                text.Append(HexLine.Gap(i) + "   ", Style.Plain);
            }
        }
        text.Append(" |", _offset);
        for (int i = 0; i < row.Length; i++)
            text.Append(HexLine.Character(row[i]).ToString(), StyleOf(row[i], heat, i));
        text.Append("|\n", _offset);
    }

    private static Style StyleOf(byte value, ReadOnlySpan<byte> heat, int index) =>
        index < heat.Length && heat[index] > 0 ? _changed : value == 0 ? _zero : Style.Plain;
}

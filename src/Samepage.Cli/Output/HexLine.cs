using System.Globalization;
using System.Text;

namespace Samepage.Cli.Output;

/// <summary>Sixteen bytes as <c>hexdump -C</c> shows them: offset, hex, text.</summary>
internal static class HexLine
{
    public const int Bytes = 16;

    public static string Offset(long offset) => offset.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Where the hex of a byte begins is set off after eight.</summary>
    public static string Gap(int index) => index == Bytes / 2 ? " " : "";

    public static char Character(byte b) => b is >= 0x20 and < 0x7f ? (char)b : '.';

    public static void Append(StringBuilder text, long offset, ReadOnlySpan<byte> row)
    {
        text.Append(Offset(offset)).Append("  ");
        for (int i = 0; i < Bytes; i++)
        {
            text.Append(Gap(i));
            if (i < row.Length)
                text.Append("0123456789abcdef"[row[i] >> 4]).Append("0123456789abcdef"[row[i] & 15]).Append(' ');
            else
                text.Append("   ");
        }
        text.Append(" |");
        foreach (byte b in row)
            text.Append(Character(b));
        text.Append("|\n");
    }
}

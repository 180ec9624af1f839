using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Samepage.Platform.Linux;

/// <summary>Makes one safe file name of any object name, and never the same one of two.</summary>
/// <remarks>
/// Letters, digits, '-', '_' and '.' (not at the start) stand for themselves, every other byte of the name's UTF-8 form is <c>%XX</c>.
/// A name whose form would pass <see cref="LongestPlain"/> characters becomes its first characters, '~' (which never occurs otherwise),
/// and the SHA-256 of the whole; the header keeps the full name and is compared on opening.
/// </remarks>
internal static class FileNameEncoding
{
    /// <summary>NAME_MAX is 255.</summary>
    public const int LongestPlain = 240;

    private const int ReadablePart = 160;
    private const int HashLength = 64;

    private static readonly SearchValues<char> _plain =
        SearchValues.Create("-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static byte[] Encode(string bare)
    {
        if (bare.Length is > 0 and <= LongestPlain && bare[0] != '.' && !bare.AsSpan().ContainsAnyExcept(_plain))
        {
            var same = new byte[bare.Length + 1];
            _ = Encoding.ASCII.GetBytes(bare, same);
            return same;
        }
        byte[] utf8 = Encoding.UTF8.GetBytes(bare);
        var plain = new StringBuilder(utf8.Length + 16);
        foreach (byte b in utf8)
        {
            if (_plain.Contains((char)b) && (b != '.' || plain.Length > 0))
                plain.Append((char)b);
            else
                plain.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        if (plain.Length > LongestPlain)
        {
            plain.Length = ReadablePart;
            plain.Append('~').Append(Convert.ToHexStringLower(SHA256.HashData(utf8)));
        }
        plain.Append('\0');
        return Encoding.ASCII.GetBytes(plain.ToString());
    }

    /// <summary>The object name that a file name stands for, or null when only the file's header can tell, or when it is none of ours.</summary>
    public static string? TryDecode(string fileName)
    {
        if (fileName.Length == 0 || fileName[0] == '.' || fileName.Length > LongestPlain)
            return null;
        var utf8 = new byte[fileName.Length];
        int length = 0;
        for (int i = 0; i < fileName.Length; i++)
        {
            char c = fileName[i];
            if (c == '%')
            {
                if (i + 2 >= fileName.Length || !byte.TryParse(
                        fileName.AsSpan(i + 1, 2), System.Globalization.NumberStyles.HexNumber,
                        System.Globalization.CultureInfo.InvariantCulture, out utf8[length++]))
                    return null;
                i += 2;
            }
            else if (_plain.Contains(c))
                utf8[length++] = (byte)c;
            else
                return null;
        }
        string bare = Encoding.UTF8.GetString(utf8, 0, length);
        // Other forms would decode as well (%41 for A): only the one that Encode gives is ours.
        return Encode(bare).AsSpan()[..^1].SequenceEqual(Encoding.ASCII.GetBytes(fileName)) ? bare : null;
    }

    /// <summary>True when the name was too long to be kept in the file name.</summary>
    public static bool IsHashed(string fileName) =>
        fileName.Length == ReadablePart + 1 + HashLength && fileName[ReadablePart] == '~';
}

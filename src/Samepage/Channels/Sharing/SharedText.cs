using System.Buffers;
using System.Text;

namespace Samepage.Channels;

/// <summary>Text in memory that another process may change while it is read.</summary>
internal static class SharedText
{
    private const int LongestOnStack = 512;

    /// <summary>As <see cref="Encoding.GetString(ReadOnlySpan{byte})"/>, which reads twice, first for the length, and refuses what is longer the second time.</summary>
    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= LongestOnStack)
        {
            Span<byte> own = stackalloc byte[LongestOnStack];
            utf8.CopyTo(own);
            return Encoding.UTF8.GetString(own[..utf8.Length]);
        }
        byte[] rented = ArrayPool<byte>.Shared.Rent(utf8.Length);
        try
        {
            utf8.CopyTo(rented);
            return Encoding.UTF8.GetString(rented, 0, utf8.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}

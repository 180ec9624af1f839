using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Samepage.Platform;

/// <summary>Names of the objects of which another one consists. They follow from its name, are of its scope, and are not listed.</summary>
internal static class PartName
{
    private const string Prefix = "samepage.part.";
    private const int HashLength = 16;

    /// <summary>True for the bare name of a part.</summary>
    public static bool Is(string bareName) => bareName.StartsWith(Prefix, StringComparison.Ordinal);

    /// <param name="whole">The object.</param>
    /// <param name="part">Which part.</param>
    public static string Of(ObjectName whole, string part)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(Encoding.UTF8.GetBytes(whole.Bare), hash);
        return ObjectName.Found(whole.Scope, string.Create(CultureInfo.InvariantCulture,
            $"{Prefix}{Convert.ToHexStringLower(hash[..HashLength])}.{part}")).Full;
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Samepage.Platform.Windows;

/// <summary>The name of a section's companion: the section's own, in the same scope, with a suffix.</summary>
internal static class CompanionName
{
    private const string Suffix = " (samepage companion)";

    /// <summary>What of a long name stays readable; its SHA-256 keeps it apart from others.</summary>
    private const int ReadablePart = 120;

    public static string Of(ObjectName name)
    {
        string bare = name.Bare;
        string prefix = name.Full[..^bare.Length];
        return name.Full.Length + Suffix.Length <= ObjectName.MaximumLength
            ? name.Full + Suffix
            : $"{prefix}{bare[..ReadablePart]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bare)))}{Suffix}";
    }

    public static bool Is(string bare) => bare.EndsWith(Suffix, StringComparison.Ordinal);
}

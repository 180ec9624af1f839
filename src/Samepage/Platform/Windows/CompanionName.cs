using System.Security.Cryptography;
using System.Text;

namespace Samepage.Platform.Windows;

/// <summary>The names of a section's companion and of its making lock: the section's own, in the same scope, with a suffix.</summary>
internal static class CompanionName
{
    private const string Suffix = " (samepage companion)";
    private const string LockSuffix = " (samepage companion lock)";

    /// <summary>What of a long name stays readable; its SHA-256 keeps it apart from others.</summary>
    private const int ReadablePart = 120;

    public static string Of(ObjectName name) => With(Suffix, name);

    public static string OfLock(ObjectName name) => With(LockSuffix, name);

    public static bool Is(string bare) => bare.EndsWith(Suffix, StringComparison.Ordinal) || bare.EndsWith(LockSuffix, StringComparison.Ordinal);

    private static string With(string suffix, ObjectName name)
    {
        string bare = name.Bare;
        string prefix = name.Full[..^bare.Length];
        return name.Full.Length + suffix.Length <= ObjectName.MaximumLength
            ? name.Full + suffix
            : $"{prefix}{bare[..ReadablePart]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bare)))}{suffix}";
    }
}

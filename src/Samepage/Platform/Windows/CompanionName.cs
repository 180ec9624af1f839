using System.Security.Cryptography;
using System.Text;

namespace Samepage.Platform.Windows;

/// <summary>The names of what stands beside an object, a section's companion and its making lock among them: its own, in the same scope, with a suffix.</summary>
internal static class CompanionName
{
    private const string Suffix = " (samepage companion)";
    private const string LockSuffix = " (samepage companion lock)";

    /// <summary>What of a long name stays readable; its SHA-256 keeps it apart from others.</summary>
    private const int ReadablePart = 120;

    private const string LongestPrefix = @"Global\";

    public static string Of(ObjectName name) => With(Suffix, name);

    public static string OfLock(ObjectName name) => With(LockSuffix, name);

    public static bool Is(string bare) => bare.EndsWith(Suffix, StringComparison.Ordinal) || bare.EndsWith(LockSuffix, StringComparison.Ordinal);

    /// <summary>What stands before a suffix of so many characters.</summary>
    public static string Stem(ObjectName name, int suffixLength)
    {
        string bare = name.Bare;
        string prefix = name.Full[..^bare.Length];
        // The same for all prefixes: with Local\ and without one it is one object.
        return LongestPrefix.Length + bare.Length + suffixLength <= ObjectName.MaximumLength
            ? name.Full
            : $"{prefix}{bare[..ReadablePart]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bare)))}";
    }

    private static string With(string suffix, ObjectName name) => Stem(name, suffix.Length) + suffix;
}

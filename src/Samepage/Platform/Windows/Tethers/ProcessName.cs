using System.Globalization;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>The names of the two mutexes that a process owns while it lives, by its id, in sixteen hexadecimal digits.</summary>
/// <remarks>
/// Others sleep on the first, and each who is told that its owner is gone owns it for a moment: free or not, it does not tell whether the process lives. The
/// second nobody ever takes: it is owned as long as the process lives, and whoever wants to know asks it.
/// </remarks>
internal static class ProcessName
{
    private const string Prefix = "samepage process ";
    private const string AskedSuffix = " asked";

    /// <summary>Of the one that others wait for.</summary>
    public static string OfAwaited(SharedObjectScope scope, ulong life) => ObjectName.Found(scope, Bare(life)).Full;

    /// <summary>Of the one that others look at.</summary>
    public static string OfAsked(SharedObjectScope scope, ulong life) => ObjectName.Found(scope, Bare(life) + AskedSuffix).Full;

    /// <summary>True for the bare name of either, whatever has it.</summary>
    public static bool Is(string bare)
    {
        if (bare.EndsWith(AskedSuffix, StringComparison.Ordinal))
            bare = bare[..^AskedSuffix.Length];
        return bare.StartsWith(Prefix, StringComparison.Ordinal)
            && ulong.TryParse(bare.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong life)
            // Other forms would be read as well (capitals, no zeros in front): only the one that is written is ours.
            && Bare(life) == bare;
    }

    private static string Bare(ulong life) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{life:x16}");
}

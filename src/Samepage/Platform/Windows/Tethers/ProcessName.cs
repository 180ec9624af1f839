using System.Globalization;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>The name of the mutex that a process owns while it lives: its id, in sixteen hexadecimal digits.</summary>
internal static class ProcessName
{
    private const string Prefix = "samepage process ";

    public static string Of(SharedObjectScope scope, ulong life) => ObjectName.Found(scope, Bare(life)).Full;

    /// <summary>True for the bare name of one, whatever has it.</summary>
    public static bool Is(string bare) =>
        bare.StartsWith(Prefix, StringComparison.Ordinal)
        && ulong.TryParse(bare.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong life)
        // Other forms would be read as well (capitals, no zeros in front): only the one that is written is ours.
        && Bare(life) == bare;

    private static string Bare(ulong life) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{life:x16}");
}

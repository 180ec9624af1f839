using System.Globalization;

namespace Samepage.Channels;

/// <summary>Which strings are atoms, and which of them are numbers (W44).</summary>
internal static class AtomName
{
    /// <summary>The first that stands for a string; those below stand for themselves.</summary>
    public const ushort FirstOfStrings = 0xC000;

    public const int Longest = 255;

    /// <summary>Strings that differ by case alone are one.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    /// <exception cref="ArgumentException">It is no atom's name.</exception>
    public static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > Longest)
            throw new ArgumentException($"An atom has {Longest:N0} characters at most, and this has {name.Length:N0}.", nameof(name));
        if (IsNumber(name, out int number) && number is 0 or >= FirstOfStrings)
            throw new ArgumentException($"\"{name}\" is no atom: those that are numbers go from #1 to #{FirstOfStrings - 1}.", nameof(name));
    }

    /// <summary>#123 is the atom 123, and no string.</summary>
    public static bool IsNumber(string name, out int number)
    {
        number = 0;
        if (name.Length < 2 || name[0] != '#' || name.AsSpan(1).ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out number))
            number = int.MaxValue;
        return true;
    }

    public static string OfNumber(ushort atom) => string.Create(CultureInfo.InvariantCulture, $"#{atom}");
}

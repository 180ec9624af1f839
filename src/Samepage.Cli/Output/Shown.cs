using System.Globalization;
using System.Text;

namespace Samepage.Cli.Output;

/// <summary>Values as people read them.</summary>
internal static class Shown
{
    private const int MostNames = 5;

    private static readonly string[] _units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Text that others chose (names, programs), without anything that a terminal would obey or that would break a line.</summary>
    public static string Text(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var safe = new StringBuilder();
        foreach (char c in text)
        {
            if (IsUnsafe(c))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                safe.Append(c);
        }
        return safe.ToString();
    }

    /// <summary>A name in quotes.</summary>
    public static string Name(string? name) => name is null ? "(no name)" : $"\"{Text(name)}\"";

    /// <summary>Names in quotes, as a sentence lists them; of many the first ones, and how many more there are.</summary>
    public static string Names(IReadOnlyList<string?> names)
    {
        if (names.Count == 1)
            return Name(names[0]);
        int listed = names.Count <= MostNames ? names.Count - 1 : MostNames - 1;
        string last = names.Count <= MostNames ? Name(names[^1]) : Invariant($"{names.Count - listed:N0} more");
        return $"{string.Join(", ", names.Take(listed).Select(Name))} and {last}";
    }

    public static string Bytes(long bytes) => Invariant($"{bytes:N0} bytes");

    /// <summary>About how many bytes: for columns.</summary>
    public static string Size(long bytes)
    {
        double value = bytes;
        int unit = 0;
        for (; value >= 1024 && unit < _units.Length - 1; unit++)
            value /= 1024;
        return unit == 0 || value == Math.Floor(value) ? Invariant($"{value:0} {_units[unit]}") : Invariant($"{value:0.0} {_units[unit]}");
    }

    public static string Time(DateTimeOffset time) => Invariant($"{time.ToUniversalTime():yyyy-MM-dd HH:mm:ss}Z");

    public static string Age(TimeSpan age) =>
        age < TimeSpan.FromMinutes(2) ? Invariant($"{Math.Max(0, age.TotalSeconds):0} s ago") :
        age < TimeSpan.FromHours(2) ? Invariant($"{age.TotalMinutes:0} min ago") :
        age < TimeSpan.FromDays(2) ? Invariant($"{age.TotalHours:0} h ago") : Invariant($"{age.TotalDays:0} days ago");

    public static string Kind(SharedObjectKind kind) => kind switch
    {
        SharedObjectKind.ReaderWriterLock => "reader-writer lock",
        SharedObjectKind.CellMap => "cell map",
        _ => kind.ToString().ToLowerInvariant(),
    };

    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    // Bidirectional overrides would let a name show itself as another one.
    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is >= '\u2028' and <= '\u202e' or >= '\u2066' and <= '\u2069';
}

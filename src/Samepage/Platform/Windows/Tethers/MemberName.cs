using System.Globalization;

namespace Samepage.Platform.Windows.Tethers;

/// <summary>The names of a membership: the object's own, in the same scope, with a suffix.</summary>
/// <param name="Stem">What stands before the suffix.</param>
/// <param name="Id">Drawn by lot, and never used again.</param>
/// <param name="ProcessId">For people.</param>
internal readonly record struct MemberName(string Stem, long Id, int ProcessId)
{
    private const string Opening = " (samepage member ";
    private const string Closing = ")";
    private const string LeftClosing = " left)";
    private const int LongestProcessId = 10;
    private const int IdDigits = 16;

    /// <summary>Of the mutex that the member's process owns while it takes part.</summary>
    public string Mutex => With(Closing);

    /// <summary>Of the event that is set when it leaves in good order.</summary>
    public string Left => With(LeftClosing);

    public static MemberName New(ObjectName of) => new(StemOf(of), Random.Shared.NextInt64(1, long.MaxValue), Environment.ProcessId);

    /// <summary>That of all members of an object.</summary>
    public static string StemOf(ObjectName of) =>
        CompanionName.Stem(of, Opening.Length + IdDigits + 1 + LongestProcessId + LeftClosing.Length);

    /// <summary>True for both names, whatever has them.</summary>
    public static bool Is(string name) => TryParse(name, Closing, out _) || TryParse(name, LeftClosing, out _);

    /// <summary>From the name of the mutex.</summary>
    public static bool TryParse(string name, out MemberName member) => TryParse(name, Closing, out member);

    private static bool TryParse(string name, string closing, out MemberName member)
    {
        member = default;
        int at = name.LastIndexOf(Opening, StringComparison.Ordinal);
        if (at < 0 || !name.EndsWith(closing, StringComparison.Ordinal))
            return false;
        string[] parts = name[(at + Opening.Length)..^closing.Length].Split(' ');
        if (parts.Length != 2
            || !long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long id)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int process))
        {
            return false;
        }
        member = new MemberName(name[..at], id, process);
        // Other forms would be read as well (capitals, zeros in front): only the one that is written is ours.
        return member.With(closing) == name;
    }

    private string With(string closing) => string.Create(CultureInfo.InvariantCulture, $"{Stem}{Opening}{Id:x16} {ProcessId}{closing}");
}

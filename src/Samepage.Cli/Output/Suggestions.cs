namespace Samepage.Cli.Output;

/// <summary>Answers a name that nobody holds with the live names that look like it.</summary>
internal static class Suggestions
{
    private const int Most = 3;

    public static string Absent(string name, SharedObjectKind? kind)
    {
        string what = kind is { } k ? Shown.Kind(k) : "object";
        string[] near = [.. Near(name).Select(o => $"{Shown.Name(o.Name)} ({Shown.Kind(o.Kind)})")];
        string hint = near.Length == 0
            ? "\"samepage ls\" shows what is. Names are case-sensitive, and an object lives only while a process holds it."
            : $"Did you mean {string.Join(" or ", near)}?";
        return $"no {what} named {Shown.Name(name)} is alive.\n{hint}";
    }

    /// <summary>The live objects whose names are likely meant, likeliest first.</summary>
    private static IEnumerable<SharedObjectInfo> Near(string name)
    {
        string wanted = Bare(name);
        return SharedObjects.List()
            .Where(o => o.Name is not null)
            .Select(o => (Object: o, Distance: Likeness.Distance(wanted, Bare(o.Name!))))
            .Where(c => Likeness.IsNear(wanted, c.Distance))
            .OrderBy(c => c.Distance).ThenBy(c => c.Object.Name, StringComparer.Ordinal)
            .Select(c => c.Object)
            .Take(Most);
    }

    // A wrong scope or a wrong case is the likeliest slip of all: neither counts as a difference here.
    private static string Bare(string name) => name[(name.IndexOf('\\', StringComparison.Ordinal) + 1)..].ToUpperInvariant();
}

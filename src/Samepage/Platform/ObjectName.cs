namespace Samepage.Platform;

/// <summary>A checked object name, split into scope and rest, by the rules of W08.</summary>
internal readonly record struct ObjectName
{
    /// <summary>MAX_PATH: the longest name that Windows takes, prefix included.</summary>
    public const int MaximumLength = 260;

    private const string GlobalPrefix = @"Global\";
    private const string LocalPrefix = @"Local\";

    private ObjectName(string full, SharedObjectScope scope, string bare)
    {
        Full = full;
        Scope = scope;
        Bare = bare;
    }

    /// <summary>The name as the caller gave it.</summary>
    public string Full { get; }

    public SharedObjectScope Scope { get; }

    /// <summary>The name without its prefix: <c>Local\x</c> and <c>x</c> are one object.</summary>
    public string Bare { get; }

    public static ObjectName Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > MaximumLength)
            throw Refuse(name, $"it has {name.Length} characters, and at most {MaximumLength} are allowed (with the prefix). Shorten it.");

        (SharedObjectScope scope, string bare) =
            name.StartsWith(GlobalPrefix, StringComparison.Ordinal) ? (SharedObjectScope.Global, name[GlobalPrefix.Length..]) :
            name.StartsWith(LocalPrefix, StringComparison.Ordinal) ? (SharedObjectScope.Local, name[LocalPrefix.Length..]) :
            (SharedObjectScope.Local, name);

        if (bare.Length == 0)
            throw Refuse(name, "it is empty. Anonymous objects have factory methods of their own.");
        if (bare.Contains('\\'))
            throw Refuse(name, @"it contains a backslash. Only the prefixes Global\ and Local\ (written just so) may end with one.");
        if (bare.Contains('\0'))
            throw Refuse(name, "it contains a NUL character, at which most systems would cut it off.");
        for (int i = 0; i < bare.Length; i++)
        {
            if (char.IsHighSurrogate(bare[i]) && i + 1 < bare.Length && char.IsLowSurrogate(bare[i + 1]))
                i++;
            else if (char.IsSurrogate(bare[i]))
                throw Refuse(name, $"the character at {name.Length - bare.Length + i} is half of a surrogate pair, which is no Unicode character.");
        }
        return new ObjectName(name, scope, bare);
    }

    /// <summary>The name of an object found in a scope.</summary>
    public static ObjectName Found(SharedObjectScope scope, string bare) =>
        new(scope == SharedObjectScope.Global ? GlobalPrefix + bare : bare, scope, bare);

    /// <summary>A checked name without its prefix.</summary>
    public static ReadOnlySpan<char> BareOf(string checkedName) => checkedName.AsSpan(checkedName.LastIndexOf('\\') + 1);

    public override string ToString() => Full;

    private static ArgumentException Refuse(string name, string why)
    {
        string shown = name.Length <= 80 ? name : string.Concat(name.AsSpan(0, 80), "…");
        return new ArgumentException($"The name \"{shown.Replace("\0", @"\0", StringComparison.Ordinal)}\" cannot be used: {why}", nameof(name));
    }
}

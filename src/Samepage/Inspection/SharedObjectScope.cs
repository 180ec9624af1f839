namespace Samepage;

/// <summary>Who shares a name (W08).</summary>
public enum SharedObjectScope
{
    /// <summary>All processes of the same user: a bare name, or one with the prefix <c>Local\</c>.</summary>
    Local,

    /// <summary>All processes of the machine: a name with the prefix <c>Global\</c>.</summary>
    Global,
}

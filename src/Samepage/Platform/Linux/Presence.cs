namespace Samepage.Platform.Linux;

/// <summary>What was found under a name.</summary>
internal enum Presence
{
    /// <summary>Nothing, or something that its last holder left behind when it died.</summary>
    Absent,

    /// <summary>An object that somebody holds; it is held by the caller now, too.</summary>
    Alive,

    /// <summary>An object that its last holder is just removing: it has ended, but the name is not free yet.</summary>
    BeingRemoved,

    /// <summary>What somebody left behind when it died, and this user may not remove: nothing to open, but in the way of a new object.</summary>
    Unremovable,
}

/// <summary>What became of a file that nobody seemed to hold.</summary>
internal enum ReapResult
{
    /// <summary>The name is free.</summary>
    Gone,

    /// <summary>Somebody holds it after all.</summary>
    Held,

    /// <summary>It is not ours to remove.</summary>
    Refused,
}

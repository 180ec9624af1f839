namespace Samepage;

/// <summary>Who may open an object (W20). Anything wider than <see cref="User"/> needs a name with the prefix <c>Global\</c>.</summary>
public enum SharedAccess
{
    /// <summary>Only the user who made it. The default.</summary>
    User,

    /// <summary>The creator's group may read it.</summary>
    GroupRead,

    /// <summary>The creator's group may read and change it.</summary>
    Group,

    /// <summary>Everyone on the machine may read it.</summary>
    EveryoneRead,

    /// <summary>Everyone on the machine may read and change it.</summary>
    Everyone,
}

namespace Samepage.Torture.Checking;

internal enum HoldEnd
{
    Released,

    /// <summary>Its owner was killed while it released it.</summary>
    MaybeDied,

    /// <summary>Its owner was killed and had not begun to release it.</summary>
    Died,
}

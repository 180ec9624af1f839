namespace Samepage.Torture.Checking;

/// <summary>Who takes part is named by its id.</summary>
internal enum TetherCode
{
    /// <summary>The result is the id.</summary>
    Join,

    /// <summary>The argument is the id.</summary>
    Leave,

    /// <summary>The argument is the id, the result a <see cref="WaitResult"/>.</summary>
    Watch,
}

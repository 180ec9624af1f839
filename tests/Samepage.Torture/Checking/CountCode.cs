namespace Samepage.Torture.Checking;

/// <summary>Operations of semaphores and events. What is taken with one and given back with the other has the same argument.</summary>
internal enum CountCode
{
    /// <summary>The result is a <see cref="WaitResult"/>.</summary>
    Take,

    /// <summary>The result is 1, or 0 if it would have been too many.</summary>
    Give,

    /// <summary>The driver's, when all have ended: the result is what is left.</summary>
    Left,
}

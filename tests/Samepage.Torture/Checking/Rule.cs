using Samepage.Torture.Histories;

namespace Samepage.Torture.Checking;

/// <summary>Something that every history must obey.</summary>
/// <param name="Name">As a failure names it.</param>
/// <param name="Check">What is wrong, or null.</param>
/// <param name="Unit">
/// Operations with the same number make sense only together, as a message and who received it: a history is shortened by whole units.
/// What is <see cref="Kept"/> is never left out.
/// </param>
internal sealed record Rule(string Name, Func<History, string?> Check, Func<Operation, long> Unit)
{
    public const long Kept = -1;

    /// <summary>Smaller units, for what is left when no more of the larger can be left out.</summary>
    public Func<Operation, long>? SmallerUnit { get; init; }
}

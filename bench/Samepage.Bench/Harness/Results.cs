namespace Samepage.Bench.Harness;

/// <summary>All that a run has found.</summary>
/// <param name="Notes">What a reader should know of the run as a whole.</param>
/// <param name="Faults">What broke; a time is none.</param>
internal sealed record Results(
    Machine Machine, Rounds Rounds, IReadOnlyList<Comparison> Comparisons, IReadOnlyList<Race> Races, IReadOnlyList<string> Notes, IReadOnlyList<string> Faults)
{
    /// <summary>Of the libraries that raced, with their names.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];
}

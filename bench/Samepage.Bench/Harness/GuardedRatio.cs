namespace Samepage.Bench.Harness;

/// <summary>A ratio of Samepage to something else, as one run found it: what can be held against another run, on another machine.</summary>
/// <param name="Case">What both did.</param>
/// <param name="Against">The other one.</param>
/// <param name="Ratio">Samepage's figure divided by the other's.</param>
/// <param name="MoreIsBetter">True where the figures are throughputs.</param>
internal sealed record GuardedRatio(string Case, string Against, Statistics Ratio, bool MoreIsBetter)
{
    /// <summary>The other's own figure spread too much in this run for a ratio to mean anything.</summary>
    public bool IsNoisy { get; init; }

    public string Row => $"{Case} / {Against}";

    /// <summary>All ratios of a run that are numbers: where somebody got nothing done there is none.</summary>
    public static IReadOnlyList<GuardedRatio> Of(IEnumerable<Comparison> comparisons, IEnumerable<Race> races) =>
    [
        .. comparisons.Where(c => c.Ratio is not null)
            .Select(c => new GuardedRatio(c.Case, c.Reference.Name, c.Ratio!.Value, c.Subject.Unit == Unit.PairsPerSecond) { IsNoisy = c.Reference.Statistics.IsNoisy })
            .Concat(races.SelectMany(r => r.Entrants.Where(e => e != r.Subject && r.OfSubject(e) is not null)
                .Select(e => new GuardedRatio(r.Case, e.Name, r.OfSubject(e)!.Value, MoreIsBetter: false) { IsNoisy = e.Contender.Statistics.IsNoisy })))
            .Where(g => double.IsFinite(g.Ratio.P10) && double.IsFinite(g.Ratio.P90) && g.Ratio.Median > 0),
    ];
}

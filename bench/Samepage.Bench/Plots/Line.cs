using Samepage.Bench.Harness;

namespace Samepage.Bench.Plots;

/// <summary>What a plot shows of one entrant.</summary>
/// <param name="Name">As the legend says it.</param>
/// <param name="Kind">The library and the limit stand out.</param>
/// <param name="Hue">Which colour and mark of the rivals'; the same number for the same rival in all plots of a run.</param>
/// <param name="Points">From left to right.</param>
internal sealed record Line(string Name, EntrantKind Kind, int Hue, IReadOnlyList<(double X, double Y)> Points);

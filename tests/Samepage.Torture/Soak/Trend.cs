namespace Samepage.Torture.Soak;

/// <summary>A straight line through measurements, by least squares.</summary>
internal sealed record Trend(double Mean, double Slope)
{
    public static Trend Of(IReadOnlyList<(double X, double Y)> points)
    {
        double x = points.Average(p => p.X), y = points.Average(p => p.Y);
        double spread = points.Sum(p => (p.X - x) * (p.X - x));
        return new Trend(y, spread == 0 ? 0 : points.Sum(p => (p.X - x) * (p.Y - y)) / spread);
    }
}

namespace Samepage.Bench.Harness;

/// <summary>Figures as they are read: a number of at most three digits, and its unit.</summary>
internal static class Quantity
{
    private static readonly string[] _times = ["ns", "µs", "ms", "s"];
    private static readonly string[] _rates = ["B/s", "kB/s", "MB/s", "GB/s", "TB/s"];
    private static readonly string[] _sizes = ["B", "KiB", "MiB", "GiB"];

    public static string Time(double nanoseconds) => Of(nanoseconds, 1000, _times);

    public static string BytesPerSecond(double rate) => Of(rate, 1000, _rates);

    public static string Bytes(double bytes) => Of(bytes, 1024, _sizes);

    private static string Of(double value, double step, string[] units)
    {
        int unit = 0;
        // Half a unit below, since what is rounded to three digits must not say "1000".
        for (; unit < units.Length - 1 && value >= step - 0.5; unit++)
            value /= step;
        return $"{value.ToString(value < 9.95 ? "0.##" : value < 99.95 ? "0.#" : "0")} {units[unit]}";
    }
}

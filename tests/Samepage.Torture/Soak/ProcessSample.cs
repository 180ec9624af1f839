using System.Globalization;

namespace Samepage.Torture.Soak;

/// <summary>What the kernel says a process uses.</summary>
internal sealed record ProcessSample(double Resident, double Anonymous, double Descriptors, double Maps)
{
    public static ProcessSample Of(int process)
    {
        string folder = $"/proc/{process}";
        string[] status = File.ReadAllLines(folder + "/status");
        return new ProcessSample(Kilobytes(status, "VmRSS:"), Kilobytes(status, "RssAnon:"), Directory.EnumerateFileSystemEntries(folder + "/fd").Count(), File.ReadLines(folder + "/maps").Count());
    }

    private static double Kilobytes(string[] status, string field) =>
        1024 * double.Parse(status.Single(l => l.StartsWith(field, StringComparison.Ordinal))[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
